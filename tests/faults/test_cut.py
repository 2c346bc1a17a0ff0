"""The fault `cut`, on the wire."""

from __future__ import annotations

import pytest

from badgateway.faults.base import AFTER_COMMIT, PHASES
from badgateway.faults.cut import Cut
from badgateway.ground.message import Reply


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("after", [0, 10])
def test_cut_promises_the_whole_body_and_ends_with_fin_before_it(running, phase, after):
    running.strike("/struck", phase, Cut(values={"after": after}))

    with running.client() as client:
        client.ask("/struck")
        status, headers = client.hear_head()
        heard = client.hear_end()

    ask = running.finished()
    assert status == (200 if phase == AFTER_COMMIT else 500)
    assert len(heard) == after < int(headers["content-length"])
    assert "connection" not in headers
    assert ask.ends == [(False, after)]
    assert ask.is_committed is (phase == AFTER_COMMIT)


def test_cut_always_cuts_even_where_the_body_is_short():
    effect = Cut(values={"after": 1000}).strike(Reply(200, b"1234"))

    assert effect.body_bytes_max == 3


def test_cut_leaves_other_calls_and_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Cut())

    with running.client() as neighbour, running.client() as client:
        client.ask("/calm")
        before = client.hear()
        client.ask("/struck")
        client.hear_head()
        client.hear_end()
        neighbour.ask("/calm")
        after = neighbour.hear()

    assert before == after
