"""The endurance run in small: what the long one shows, it shows of some hundred payments."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path

import pytest

PAYMENTS, KEEP, ENTRIES_KEPT, BROKEN = 240, 16, 200, 40


@pytest.fixture
def endurance(monkeypatch):
    """Give the part of the soak, which lies beside this file."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    return import_module("endurance")


def test_many_payments_leave_nothing_behind_but_a_journal_that_is_judged(endurance, tmp_path):
    path = tmp_path / "journal.ndjson"

    told = asyncio.run(
        endurance.endure(PAYMENTS, path, keep=KEEP, entries_kept=ENTRIES_KEPT, broken=frozenset({BROKEN}))
    )
    verdict = endurance.judged(told, path)

    assert (told.after.tasks, told.after.sockets) == (told.before.tasks, told.before.sockets)
    assert told.is_spilled
    assert told.entries > 10 * ENTRIES_KEPT
    assert told.entries_in_memory < 2 * ENTRIES_KEPT
    assert (told.faults, told.dropped, told.duplicates) == (8, 6, 4)
    assert (verdict.orders, dict(verdict.problems)) == (PAYMENTS, {})
    assert {one.order for one in verdict.findings} == {f"o{BROKEN}"}
    assert verdict.state("no_overcharge") == "broken"
    assert verdict.state("nothing_left_pending") == "held"
    assert verdict.tested["paid_implies_captured"] >= PAYMENTS * 0.8
