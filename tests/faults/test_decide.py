"""The fault `decide`: words for the gateway, nothing on the wire."""

from __future__ import annotations

import pytest

from badgateway.faults.base import BEFORE_COMMIT
from badgateway.faults.decide import Decide
from badgateway.ground.message import Reply
from badgateway.payments.decisions import decision


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, {"kind": "approved", "then": "approved"}),
        (
            {"outcome": "declined", "code": "insufficient_funds"},
            {"kind": "declined", "then": "approved", "code": "insufficient_funds"},
        ),
        (
            {"outcome": "declined", "code": "do_not_honor", "advice": "later"},
            {"kind": "declined", "then": "approved", "code": "do_not_honor", "advice": "later"},
        ),
        (
            {"outcome": "pending", "then": "declined", "after": 86_400_000},
            {"kind": "pending", "then": "declined", "after_ms": 86_400_000},
        ),
        ({"outcome": "action", "then": "declined"}, {"kind": "action", "then": "declined"}),
        (
            {"outcome": "approved", "amount": 500, "currency": "USD"},
            {"kind": "approved", "then": "approved", "approved_minor": 500, "currency": "USD"},
        ),
    ],
)
def test_the_words_of_a_decision_are_those_that_payments_takes(values, words):
    fault = Decide(values=values)

    assert dict(fault.decision()) == words
    assert decision(**fault.decision()).kind == words["kind"]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"outcome": "declined", "then": "declined"}, "then"),
        ({"outcome": "action", "after": 1000}, "after"),
        ({"outcome": "approved", "code": "lost_card"}, "code"),
        ({"outcome": "pending", "code": "method_failed"}, "code"),
        ({"outcome": "approved", "advice": "never"}, "advice"),
        ({"outcome": "declined", "amount": 500}, "amount"),
        ({"outcome": "pending", "then": "declined", "amount": 500}, "amount"),
        ({"outcome": "approved", "currency": "USD"}, "currency"),
    ],
)
def test_words_that_the_outcome_would_pass_over_are_objected_to(values, word):
    assert f"`{word}`" in (Decide(values=values).objection() or "")


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "approved"},
        {"outcome": "declined", "code": "lost_card"},
        {"outcome": "pending", "then": "declined", "code": "method_failed", "after": 5},
    ],
)
def test_fitting_words_are_not_objected_to(values):
    assert Decide(values=values).objection() is None


def test_decide_shapes_no_answer():
    reply = Reply(402, b"declined")

    effect = Decide().strike(reply)

    assert (Decide.shapes_wire, Decide.phases) == (False, (BEFORE_COMMIT,))
    assert (effect.reply, effect.ending, effect.wait_ms) == (reply, "keep", 0)
