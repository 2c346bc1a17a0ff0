"""A declared provider as users start it, for the vendor's SDK in a program of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from badgateway.providers import DIALECTS
from badgateway.providers.declared.dialect import Declared

HERE = Path(__file__).parent


@contextmanager
def served(provider, folder, inbox_port, variables):
    """Serve the provider, and give what an integration is told about it."""
    command = [sys.executable, "-m", "badgateway", "serve", "--provider", provider, "--print-env"]
    with subprocess.Popen(
        [*command, "--webhook", f"http://127.0.0.1:{inbox_port}/hook"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            yield dict(server.stdout.readline().strip().split("=", 1) for _ in range(variables))
        finally:
            server.terminate()


@pytest.fixture
def suite(tmp_path):
    """Give a runner of a suite with packages of its own against a provider."""

    def run(name, provider, *packages):
        target = tmp_path / "packages"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", str(target), *packages], check=True, timeout=400)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            inbox_port = probe.getsockname()[1]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:badgateway", "-p", "no:cacheprovider"]
        command += ["-W", "ignore::DeprecationWarning"]  # of the vendor's own making
        known = DIALECTS[provider] if provider in DIALECTS else Declared(Path(provider))
        variables = len(known.settings("", "", ""))
        with served(provider, tmp_path, inbox_port, variables) as told:
            return subprocess.run(
                [*command, str(HERE / "python" / name)],
                cwd=tmp_path,
                env={
                    **os.environ,
                    **told,
                    "PYTHONPATH": f"{target}{os.pathsep}{HERE / 'python'}",
                    "INBOX_PORT": str(inbox_port),
                },
                capture_output=True,
                text=True,
                check=False,
                timeout=200,
            )

    return run
