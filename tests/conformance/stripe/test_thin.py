"""Thin events, as the vendor's own SDKs verify, parse and follow them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conformance.driving import install, run, served

HERE = Path(__file__).parent
NOWHERE = "http://127.0.0.1:9/"  # the endpoint that is asked for is not what is looked at
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


def _said(command, folder, **environment):
    with served("stripe", folder, NOWHERE) as variables:
        done = run(command, HERE / "node", {**variables, **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_newest_node_sdk_follows_a_thin_event(tmp_path):
    subprocess.run(["npm", "ci", "--silent"], cwd=HERE / "node", check=True, timeout=400)

    assert "every thin behaviour passed" in _said(["node", "thin.mjs"], tmp_path)


@pytest.mark.parametrize(("version", "parser"), [("12", "thin_event"), ("16", "event_notification")])
def test_a_python_sdk_follows_a_thin_event(version, parser, tmp_path):
    command = [sys.executable, str(HERE / "python" / "thin.py")]

    said = _said(command, tmp_path, PYTHONPATH=install("stripe", version, tmp_path))

    assert f"every thin behaviour passed with parse_{parser}" in said
