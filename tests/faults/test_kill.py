"""The fault `kill`, on the wire: nothing is said, and the effect asks for the death of who is waiting."""

from __future__ import annotations

import pytest

from badgateway.faults.base import AFTER_COMMIT, PHASES, Effect
from badgateway.faults.kill import Kill
from badgateway.ground.message import Reply


@pytest.mark.parametrize("phase", Kill.phases)
def test_kill_says_nothing_until_the_caller_is_gone(running, phase):
    running.strike("/struck", phase, Kill())

    with running.client() as client:
        client.ask("/struck")
        is_silent = client.hear_nothing()

    assert is_silent
    ask = running.finished()
    assert ask.ends == [(False, 0)]
    assert ask.is_committed is (phase == AFTER_COMMIT)


def test_kill_asks_for_the_death_of_the_caller_and_holds_the_whole_answer():
    effect = Kill().strike(Reply(200, b"{}"))

    assert effect == Effect(None, wait_ms=None, ending="fin", fault="kill", is_fatal=True)
    assert set(Kill.phases) < set(PHASES)


def test_kill_leaves_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Kill())

    with running.client() as neighbour, running.client() as client:
        client.ask("/struck")
        running.board.committed.get(timeout=10)
        neighbour.ask("/calm")
        heard = neighbour.hear()

    assert heard[0] == 200
