"""The vendor's unmodified Node SDKs, oldest and newest, against the simulator as users start it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = Path(__file__).with_name("node")
BEHAVIOURS_MIN = 70  # of each SDK; fewer means that the suite was not really run
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


@pytest.fixture(scope="module")
def packages():
    """Install the SDKs as the lock file names them."""
    assert shutil.which("npm"), "Node's package manager is needed (Debian: apt-get install npm)"
    subprocess.run(["npm", "ci", "--silent"], cwd=NODE, check=True, timeout=400)


@pytest.mark.usefixtures("packages")
def test_every_behaviour_is_what_the_sdk_expects(variables, inbox_port):
    environment = {**os.environ, **variables, "INBOX_PORT": str(inbox_port)}

    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", "behaviours.test.mjs"],
        cwd=NODE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    failed = re.findall(r"^    not ok \d+ - (.+)$", done.stdout, re.MULTILINE)
    passed = re.findall(r"^    ok \d+ - (.+)$", done.stdout, re.MULTILINE)
    assert failed == [], done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(passed) >= 2 * BEHAVIOURS_MIN
    assert all(re.search(r"\[\w+\]$", name) for name in passed), "each behaviour names its source"
