"""The fault `hold`, on the wire."""

from __future__ import annotations

from time import perf_counter

import pytest

from badgateway.faults.base import AFTER_COMMIT, PHASES
from badgateway.faults.hold import Hold


@pytest.mark.parametrize("phase", PHASES)
def test_hold_without_an_end_is_silent_until_the_client_leaves(running, phase):
    running.strike("/struck", phase, Hold())

    with running.client() as client:
        client.ask("/struck")
        is_silent = client.hear_nothing()
        is_over = not running.board.over.empty()

    assert (is_silent, is_over) == (True, False)
    ask = running.finished()
    assert ask.ends == [(False, 0)]
    assert ask.is_committed is (phase == AFTER_COMMIT)


@pytest.mark.parametrize("phase", PHASES)
def test_hold_for_a_time_sends_the_whole_answer_after_it_and_keeps_the_connection(running, phase):
    running.strike("/struck", phase, Hold(values={"for": 120}))

    with running.client() as client:
        began = perf_counter()
        client.ask("/struck")
        status, _, body = client.hear()
        took_s = perf_counter() - began
        client.ask("/calm")
        after = client.hear()

    assert took_s >= 0.119
    assert status == (200 if phase == AFTER_COMMIT else 500)
    assert running.finished().ends == [(True, len(body))]
    assert after[0] == 200


def test_a_client_that_leaves_during_a_timed_hold_ends_it(running):
    running.strike("/struck", AFTER_COMMIT, Hold(values={"for": 3_600_000}))
    with running.client() as client:
        client.ask("/struck")
        running.board.committed.get(timeout=10)

    assert running.finished().ends == [(False, 0)]


def test_hold_leaves_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Hold())

    with running.client() as neighbour, running.client() as client:
        client.ask("/struck")
        running.board.committed.get(timeout=10)
        neighbour.ask("/calm")
        answer = neighbour.hear()
        is_silent = client.hear_nothing()

    assert (answer[0], is_silent) == (200, True)
