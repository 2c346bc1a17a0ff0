"""The simulated provider as users start it, for the vendors' SDKs in programs of their own."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest


@pytest.fixture
def inbox_port():
    """Find a free port for the webhooks."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def variables(tmp_path, inbox_port):
    """Serve the simulated provider, and give what an integration is told about it."""
    command = [sys.executable, "-m", "badgateway", "serve", "--print-env"]
    with subprocess.Popen(
        [*command, "--webhook", f"http://127.0.0.1:{inbox_port}/"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        told = dict(server.stdout.readline().strip().split("=", 1) for _ in range(3))
        yield told
        server.terminate()
