"""The catalogues that a plan's names are resolved in."""

from __future__ import annotations

from typing import Any

import badgateway.invariants
import badgateway.providers


def dialects() -> Any:
    """Give the catalogue of dialects."""
    return getattr(badgateway.providers, "DIALECTS", {})


def invariants() -> Any:
    """Give the catalogue of invariants."""
    return getattr(badgateway.invariants, "INVARIANTS", {})
