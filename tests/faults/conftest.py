"""The faults are proved on the same wire as the edge: its fixtures are loaded from the server's tests."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

_spec = spec_from_file_location("badgateway_wire", Path(__file__).parent.parent / "server" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_wire = module_from_spec(_spec)
sys.modules[_spec.name] = _wire  # dataclasses look their module up
_spec.loader.exec_module(_wire)

loop_name, serving, running, authority = _wire.loop_name, _wire.serving, _wire.running, _wire.authority


@pytest.fixture(params=[False, True], ids=["http", "tls"])
def is_secured(request: pytest.FixtureRequest) -> bool:
    """Show each fault twice: over plain HTTP, and through the proxy over TLS."""
    return bool(request.param)
