"""The fault `reset`, on the wire."""

from __future__ import annotations

import pytest

from badgateway.faults.base import AFTER_COMMIT, PHASES
from badgateway.faults.reset import Reset


@pytest.mark.parametrize("phase", PHASES)
def test_reset_ends_with_rst_and_without_a_byte(running, phase):
    running.strike("/struck", phase, Reset())

    with running.client() as client:
        client.ask("/struck")
        with pytest.raises(ConnectionResetError):
            client.hear_end()

    assert client.buffer == b""
    ask = running.finished()
    assert ask.ends == [(False, 0)]
    assert ask.is_committed is (phase == AFTER_COMMIT)


def test_reset_leaves_other_calls_and_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Reset())

    with running.client() as neighbour, running.client() as client:
        neighbour.ask("/calm")
        neighbour.hear()
        client.ask("/calm")
        before = client.hear()
        client.ask("/struck")
        with pytest.raises(ConnectionResetError):
            client.hear_end()
        neighbour.ask("/calm")
        after = neighbour.hear()

    assert before == after
    assert after[0] == 200
