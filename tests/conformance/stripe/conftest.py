"""The simulated provider as users start it, for the vendors' SDKs in programs of their own."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest
from tests.conformance.driving import PYTEST, Driven, driven, install
from tests.conformance.playing import seen_in

from badgateway.ground.artifacts import artifact_dir
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def python_suite(tmp_path_factory):
    """Give a runner of the Python suite with the SDK of a version; each runs once."""

    @lru_cache
    def run(version: str) -> Driven:
        folder = tmp_path_factory.mktemp(f"python{version}")
        environment = {"PYTHONPATH": install("stripe", version, folder), "SDK_VERSION": version}
        return driven("stripe", [*PYTEST, str(HERE / "python" / "behaviours.py")], folder, environment)

    return run


@pytest.fixture(scope="session")
def node_suite(tmp_path_factory):
    """Run the Node suite once, with the SDKs that its lock file names."""
    node = HERE / "node"
    assert shutil.which("npm"), "Node's package manager is needed (Debian: apt-get install npm)"
    subprocess.run(["npm", "ci", "--silent"], cwd=node, check=True, timeout=400)
    command = ["node", "--test", "--test-reporter=tap", "behaviours.test.mjs"]
    return driven("stripe", command, tmp_path_factory.mktemp("node"), {}, cwd=node)


@pytest.fixture(scope="session")
def pack_sightings(tmp_path_factory):
    """Play the library once with the reference, and give what was seen of each play's traffic."""
    stories = load_scenarios([artifact_dir("scenarios").as_posix()])
    plans = [plan for story in stories for plan in compile_scenario(story, 1)]
    return asyncio.run(seen_in(plans, tmp_path_factory.mktemp("pack"), "stripe"))
