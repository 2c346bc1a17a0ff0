"""A declared provider as users start it, for the vendor's SDK in a program of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.conformance.driving import PIP, PYTEST, free_port, run, served

HERE = Path(__file__).parent / "python"


@pytest.fixture
def suite(tmp_path):
    """Give a runner of a suite with packages of its own against a provider."""

    def play(name, provider, *packages):
        target, inbox_port = tmp_path / "packages", free_port()
        subprocess.run([*PIP, "--target", str(target), *packages], check=True, timeout=400)
        # What is out of date is of the vendor's own making.
        command = [*PYTEST, "-W", "ignore::DeprecationWarning", str(HERE / name)]
        with served(provider, tmp_path, f"http://127.0.0.1:{inbox_port}/hook") as told:
            paths = f"{target}{os.pathsep}{HERE}"
            return run(command, tmp_path, {**told, "PYTHONPATH": paths, "INBOX_PORT": str(inbox_port)})

    return play
