"""The simulated provider as users start it, for the vendors' SDKs in programs of their own."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from tests.conformance.playing import seen_in
from tests.conformance.stripe.relay import Passed, relaying

from badgateway.ground.artifacts import artifact_dir
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Driven:
    """What came of a suite: the program that drove the simulator, and what went over the wire."""

    done: subprocess.CompletedProcess[str]
    answers: tuple[Passed, ...]
    webhooks: tuple[Passed, ...]


@contextmanager
def served(folder: Path, webhook_url: str) -> Iterator[dict[str, str]]:
    """Serve the simulated provider, and give what an integration is told about it."""
    command = [sys.executable, "-m", "badgateway", "serve", "--print-env", "--webhook", webhook_url]
    said = folder / "serve.log"
    with (
        said.open("w", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        try:
            lines = [server.stdout.readline().strip() for _ in range(3)]
            assert all("=" in line for line in lines), said.read_text(encoding="utf-8")
            yield dict(line.split("=", 1) for line in lines)
        finally:
            server.terminate()


def driven(command: list[str], folder: Path, environment: Mapping[str, str], cwd: Path) -> Driven:
    """Run a suite against a simulator of its own, with relays before it and before the suite's inbox."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        inbox_port = probe.getsockname()[1]
    told: dict[str, str] = {}
    with (
        relaying(lambda: f"http://127.0.0.1:{inbox_port}") as webhooks,
        relaying(lambda: told["STRIPE_URL"]) as api,
        served(folder, f"{webhooks.url}/") as variables,
    ):
        told.update(variables)
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **told, "STRIPE_URL": api.url, "INBOX_PORT": str(inbox_port), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    return Driven(done, tuple(api.passed), tuple(webhooks.passed))


@pytest.fixture(scope="session")
def python_suite(tmp_path_factory):
    """Give a runner of the Python suite with the SDK of a version; each runs once."""

    @lru_cache
    def run(version: str) -> Driven:
        folder = tmp_path_factory.mktemp(f"python{version}")
        packages = folder / "packages"
        wanted = f"stripe>={version},<{int(version) + 1}"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--target", str(packages), wanted], check=True, timeout=400)
        suite = str(HERE / "python" / "behaviours.py")
        return driven(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:badgateway", "-p", "no:cacheprovider", suite],
            folder,
            {"PYTHONPATH": str(packages), "SDK_VERSION": version},
            folder,
        )

    return run


@pytest.fixture(scope="session")
def node_suite(tmp_path_factory):
    """Run the Node suite once, with the SDKs that its lock file names."""
    node = HERE / "node"
    assert shutil.which("npm"), "Node's package manager is needed (Debian: apt-get install npm)"
    subprocess.run(["npm", "ci", "--silent"], cwd=node, check=True, timeout=400)
    command = ["node", "--test", "--test-reporter=tap", "behaviours.test.mjs"]
    return driven(command, tmp_path_factory.mktemp("node"), {}, node)


@pytest.fixture(scope="session")
def pack_sightings(tmp_path_factory):
    """Play the library once with the reference, and give what was seen of each play's traffic."""
    stories = load_scenarios([artifact_dir("scenarios").as_posix()])
    plans = [plan for story in stories for plan in compile_scenario(story, 1)]
    return asyncio.run(seen_in(plans, tmp_path_factory.mktemp("pack"), "stripe"))
