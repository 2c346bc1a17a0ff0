"""The committed pact, and copies of it in which one thing was changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACT = ROOT / "contracts" / "provider" / "pacts" / "reference-stripe.json"


@pytest.fixture
def webhooks_path():
    """Give the pact about webhooks that is committed."""
    return PACT.with_name("reference-stripe-webhooks.json")


@pytest.fixture
def pact_path():
    """Give the pact that is committed."""
    return PACT


@pytest.fixture
def doctored(tmp_path):
    """Give a function that changes a copy of the pact and gives its path."""

    def doctor(change):
        pact = json.loads(PACT.read_text(encoding="utf-8"))
        change(pact)
        path = tmp_path / "doctored.json"
        path.write_text(json.dumps(pact), encoding="utf-8")
        return path

    return doctor
