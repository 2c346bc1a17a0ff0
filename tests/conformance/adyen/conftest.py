"""The simulated Adyen as users start it, for the vendor's SDKs in programs of their own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from tests.conformance.driving import PYTEST, Driven, driven, install

SUITE = Path(__file__).parent / "python" / "behaviours.py"


@pytest.fixture(scope="session")
def python_suite(tmp_path_factory):
    """Give a runner of the Python suite with the SDK of a version; each runs once."""

    @lru_cache
    def run(version: str) -> Driven:
        folder = tmp_path_factory.mktemp(f"adyen{version}")
        environment = {"PYTHONPATH": install("Adyen", version, folder), "SDK_VERSION": version}
        return driven("adyen", [*PYTEST, str(SUITE)], folder, environment, home="/adyen")

    return run
