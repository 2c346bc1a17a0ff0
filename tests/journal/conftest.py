"""The same builder of journals as the tests of the invariants use."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_FILE = Path(__file__).parent.parent / "invariants" / "conftest.py"


@pytest.fixture(scope="session")
def story():
    """Start a story of one order, o1, or of those that are named."""
    spec = importlib.util.spec_from_file_location("story_builder", _FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Story
