"""The pause between two plays of an integration that has opened its breaker."""

import asyncio

import pytest

from badgateway.ground.clock import Clock, monotonic_ms
from badgateway.integration.model import Declares
from badgateway.journal.journal import Journal
from badgateway.play.breathing import Breath

DECLARED = Declares(breaker_failures=3, breaker_pause_ms=200)
WELL, FAILED, SILENT = 200, 503, None


def play(*statuses):
    journal = Journal(Clock(1_700_000_000_000))
    for n, status in enumerate(statuses):
        told = {
            "effect": None,
            "is_true": None,
            "parked_ms": 0.0,
            "body_status": None,
            "retry_after_ms": None,
        }
        journal.write(
            "call.answered", "o1", call=f"call{n}", status=status, is_complete=status is not None, **told
        )
    return journal.entries


@pytest.mark.parametrize(
    ("plays", "is_resting"),
    [
        ([play(WELL, FAILED, SILENT)], False),
        ([play(WELL, FAILED, SILENT, SILENT)], True),
        ([play(FAILED, FAILED), play(SILENT)], True),  # a probe that failed keeps it open
        ([play(FAILED, FAILED, FAILED), play(WELL)], False),
        ([play(FAILED, 404, FAILED, FAILED)], False),  # a refusal is an answer
        ([play()], False),
    ],
)
def test_it_rests_after_as_many_failures_in_a_row_as_it_declares(plays, is_resting):
    breath = Breath()

    for entries in plays:
        breath.note(entries, DECLARED)

    assert (breath.until_ms > monotonic_ms()) is is_resting


def test_the_next_play_begins_when_the_declared_pause_is_over():
    breath = Breath()
    breath.note(play(FAILED, FAILED, FAILED), DECLARED)

    since = monotonic_ms()
    asyncio.run(breath.take())

    assert monotonic_ms() - since >= 200


def test_without_a_declared_breaker_nothing_is_waited_for():
    breath = Breath()

    breath.note(play(FAILED, FAILED, FAILED), Declares())

    assert breath.until_ms == 0
