"""The fault `garble`, on the wire."""

from __future__ import annotations

import json

import pytest

from badgateway.faults.base import AFTER_COMMIT, PHASES
from badgateway.faults.garble import Garble


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("body", ["html", "nothing", "half"])
def test_garble_sends_a_whole_answer_whose_body_is_no_json(running, phase, body):
    running.strike("/struck", phase, Garble(values={"with": body}))

    with running.client() as client:
        client.ask("/struck")
        status, _, heard = client.hear()

    ask = running.finished()
    assert status == (200 if phase == AFTER_COMMIT else 500)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Extra"):
        json.loads(heard)
    assert ask.ends == [(True, len(heard))]
    assert ask.is_committed is (phase == AFTER_COMMIT)


def test_garble_leaves_other_calls_and_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Garble())

    with running.client() as neighbour, running.client() as client:
        client.ask("/calm")
        before = client.hear()
        client.ask("/struck")
        client.hear()
        neighbour.ask("/calm")
        after = neighbour.hear()

    assert before == after
