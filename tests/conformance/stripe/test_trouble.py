"""Calls that meet, and a provider in trouble, as the vendor's own SDKs see them over real sockets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conformance.driving import run, served

HERE = Path(__file__).parent
NOWHERE = "http://127.0.0.1:9/"  # webhooks are not what is looked at
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


def _said(command, folder, **environment):
    with served("stripe", folder, NOWHERE, str(HERE / "trouble.yaml")) as variables:
        done = run(command, HERE / "node", {**variables, **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("sdk", ["stripe", "stripe13"])
def test_a_node_sdk_repeats_what_it_should(sdk, tmp_path):
    """Keys in flight, locks, 424, 5xx and 429: what it makes of each, and that the money moves once."""
    subprocess.run(["npm", "ci", "--silent"], cwd=HERE / "node", check=True, timeout=400)

    assert "every trouble passed" in _said(["node", "trouble.mjs"], tmp_path, SDK=sdk)


def test_the_python_sdk_repeats_what_it_should(tmp_path):
    """Keys in flight, locks, 424, 5xx and 429: what it makes of each, and that the money moves once."""
    command = [sys.executable, str(HERE / "python" / "trouble.py")]

    assert "every trouble passed" in _said(command, tmp_path)
