"""The simulated Adyen as users start it, for the vendor's SDKs in programs of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from tests.conformance.stripe.relay import Passed, relaying

HERE = Path(__file__).parent
VARIABLES = 4  # that are printed


@dataclass(frozen=True, slots=True)
class Driven:
    """What came of a suite: the program that drove the simulator, and what went over the wire."""

    done: subprocess.CompletedProcess[str]
    answers: tuple[Passed, ...]
    webhooks: tuple[Passed, ...]


@contextmanager
def served(folder: Path, webhook_url: str) -> Iterator[dict[str, str]]:
    """Serve the simulated provider, and give what an integration is told about it."""
    command = [sys.executable, "-m", "badgateway", "serve", "--provider", "adyen", "--print-env"]
    with subprocess.Popen(
        [*command, "--webhook", webhook_url],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield dict(server.stdout.readline().strip().split("=", 1) for _ in range(VARIABLES))
        finally:
            server.terminate()


def driven(command: list[str], folder: Path, environment: Mapping[str, str]) -> Driven:
    """Run a suite against a simulator of its own, with relays before it and before the suite's inbox."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        inbox_port = probe.getsockname()[1]
    told: dict[str, str] = {}
    with (
        relaying(lambda: f"http://127.0.0.1:{inbox_port}") as webhooks,
        relaying(lambda: told["ADYEN_URL"]) as api,
        served(folder, f"{webhooks.url}/") as variables,
    ):
        told.update(variables)
        url = f"{api.url}/adyen"  # the relay hands the whole path on
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **told, "ADYEN_URL": url, "INBOX_PORT": str(inbox_port), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    return Driven(done, tuple(api.passed), tuple(webhooks.passed))


@pytest.fixture(scope="session")
def python_suite(tmp_path_factory):
    """Give a runner of the Python suite with the SDK of a version; each runs once."""

    @lru_cache
    def run(version: str) -> Driven:
        folder = tmp_path_factory.mktemp(f"adyen{version}")
        packages = folder / "packages"
        wanted = f"Adyen>={version},<{int(version) + 1}"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--target", str(packages), wanted], check=True, timeout=400)
        suite = [sys.executable, "-m", "pytest", "-q", "-p", "no:badgateway", "-p", "no:cacheprovider"]
        environment = {"PYTHONPATH": str(packages), "SDK_VERSION": version}
        return driven([*suite, str(HERE / "python" / "behaviours.py")], folder, environment)

    return run
