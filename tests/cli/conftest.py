"""The command line in an empty folder."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from badgateway.cli import main

# What a CI runner or a terminal would change in the output.
NOISE = ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "COLUMNS")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Give each test an empty working folder and a quiet environment."""
    monkeypatch.chdir(tmp_path)
    for name in NOISE:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def badgateway():
    """Run a command inside this process."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments], prog_name="badgateway")

    return run


@pytest.fixture
def process(folder):
    """Run a command as a user does, in a process of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "badgateway", *arguments]
        whole = {**os.environ, **environment}
        return subprocess.run(
            command, cwd=folder, env=whole, capture_output=True, text=True, check=False, timeout=60
        )

    return run
