"""The faults are proved on the same wire as the edge: its fixtures are loaded from the server's tests."""

from __future__ import annotations

import pytest
from tests.server import conftest as wire

loop_name, serving, running, authority = wire.loop_name, wire.serving, wire.running, wire.authority


@pytest.fixture(params=[False, True], ids=["http", "tls"])
def is_secured(request: pytest.FixtureRequest) -> bool:
    """Show each fault twice: over plain HTTP, and through the proxy over TLS."""
    return bool(request.param)
