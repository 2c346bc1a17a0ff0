"""Thin events, as the vendor's own SDKs verify, parse and follow them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conformance.stripe.conftest import served

HERE = Path(__file__).parent
NOWHERE = "http://127.0.0.1:9/"  # the endpoint that is asked for is not what is looked at
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


def _said(command, folder, **environment):
    with served(folder, NOWHERE) as variables:
        done = subprocess.run(
            command,
            cwd=HERE / "node",
            env={**os.environ, **variables, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_newest_node_sdk_follows_a_thin_event(tmp_path):
    subprocess.run(["npm", "ci", "--silent"], cwd=HERE / "node", check=True, timeout=400)

    assert "every thin behaviour passed" in _said(["node", "thin.mjs"], tmp_path)


@pytest.mark.parametrize(("version", "parser"), [("12", "thin_event"), ("16", "event_notification")])
def test_a_python_sdk_follows_a_thin_event(version, parser, tmp_path):
    packages = tmp_path / "packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wanted = f"stripe>={version},<{int(version) + 1}"
    subprocess.run([*pip, "--target", str(packages), wanted], check=True, timeout=400)
    command = [sys.executable, str(HERE / "python" / "thin.py")]

    said = _said(command, tmp_path, PYTHONPATH=str(packages))

    assert f"every thin behaviour passed with parse_{parser}" in said
