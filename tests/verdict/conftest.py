"""The same builder of journals as the tests of the invariants use."""

from __future__ import annotations

import pytest
from tests.invariants.conftest import Story


@pytest.fixture(scope="session")
def story():
    """Start a story of one order, o1, or of those that are named."""
    return Story
