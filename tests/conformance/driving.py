"""A simulated provider as users start it, and the vendors' SDKs that drive it in programs of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.stripe.relay import Passed, relaying

from badgateway.providers import DIALECTS
from badgateway.providers.declared.dialect import Declared

PIP = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:badgateway", "-p", "no:cacheprovider")


@dataclass(frozen=True, slots=True)
class Driven:
    """What came of a suite: the program that drove the simulator, and what went over the wire."""

    done: subprocess.CompletedProcess[str]
    answers: tuple[Passed, ...]
    webhooks: tuple[Passed, ...]


@contextmanager
def served(provider: str, folder: Path, webhook_url: str, *story: str) -> Iterator[dict[str, str]]:
    """Serve a provider, by its name or its file, and give what an integration is told about it.

    `story` is the file of a scenario, where its faults are to happen.
    """
    known = DIALECTS[provider] if provider in DIALECTS else Declared(Path(provider))
    command = [sys.executable, "-m", "badgateway", "serve", "--provider", provider, "--print-env"]
    command += ["--webhook", webhook_url, *story]
    said = folder / "serve.log"
    with (
        said.open("w", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        try:
            lines = [server.stdout.readline().strip() for _ in known.settings("", "", "")]
            assert all("=" in line for line in lines), said.read_text(encoding="utf-8")
            yield dict(line.split("=", 1) for line in lines)
        finally:
            server.terminate()


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with this environment beside our own."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def driven(
    provider: str,
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    cwd: Path | None = None,
    home: str = "",
) -> Driven:
    """Run a suite against a simulator of its own, with relays before it and before the suite's inbox.

    `home` is where below its address the provider begins: the relay hands the whole path on.
    """
    url, inbox_port = f"{provider.upper()}_URL", free_port()
    told: dict[str, str] = {}
    with (
        relaying(lambda: f"http://127.0.0.1:{inbox_port}") as webhooks,
        relaying(lambda: told[url]) as api,
        served(provider, folder, f"{webhooks.url}/") as variables,
    ):
        told.update(variables)
        ports = {url: f"{api.url}{home}", "INBOX_PORT": str(inbox_port)}
        done = run(command, cwd or folder, {**told, **ports, **environment})
    return Driven(done, tuple(api.passed), tuple(webhooks.passed))


def install(package: str, version: str, folder: Path) -> str:
    """Install the newest SDK of a major version alone, and give the folder where it lies."""
    packages = folder / "packages"
    wanted = f"{package}>={version},<{int(version) + 1}"
    subprocess.run([*PIP, "--no-deps", "--target", str(packages), wanted], check=True, timeout=400)
    return str(packages)
