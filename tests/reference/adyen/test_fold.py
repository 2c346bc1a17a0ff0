"""How a payment stands, from facts in any order."""

from itertools import permutations

import pytest

from badgateway.reference.adyen.fold import SENT_REFUND, dispute_seen, disputes_of, payment_seen, refund_seen
from badgateway.reference.adyen.mirror import ASKED, REPLY, Fact
from badgateway.reference.states import State

PSP = "P" * 16


def fact(code, psp=PSP, value=1000, *, good=True, detail=""):
    payment = "" if code == ASKED else PSP
    return Fact(code, "" if code == ASKED else psp, payment, "o1.1", good, value, "EUR", detail)


HELD = (fact(ASKED, detail="manual"), fact("AUTHORISATION"))


@pytest.mark.parametrize(
    ("facts", "state", "captured"),
    [
        ((fact(ASKED, detail="automatic"), fact("AUTHORISATION")), State.SUCCEEDED, 1000),
        ((fact(ASKED, detail="automatic"), fact(REPLY, detail="Authorised")), State.SUCCEEDED, 1000),
        ((fact(ASKED), fact(REPLY, detail="Received")), State.PROCESSING, 0),
        ((fact(ASKED), fact("AUTHORISATION", good=False, detail="Refused")), State.FAILED, 0),
        (HELD, State.AUTHORIZED, 0),
        ((*HELD, fact("CAPTURE", "C", 600)), State.SUCCEEDED, 600),
        ((*HELD, fact("CAPTURE", "C", 600, good=False)), State.AUTHORIZED, 0),
        ((*HELD, fact("CAPTURE", "C", 600), fact("CAPTURE_FAILED", "F", 600)), State.REVERSED, 600),
        ((*HELD, fact("CANCELLATION", "C")), State.CANCELLED, 0),
        ((*HELD, fact("CANCELLATION", "C", good=False)), State.AUTHORIZED, 0),
        ((*HELD, fact("CANCEL_OR_REFUND", "C", detail="cancel")), State.CANCELLED, 0),
        ((*HELD, fact("EXPIRE", "E")), State.EXPIRED, 0),
    ],
)
def test_a_payment_stands_the_same_whatever_came_first(facts, state, captured):
    seen = [payment_seen(PSP, order) for order in permutations(facts)]

    assert {(one.state, one.captured_minor) for one in seen} == {(state, captured)}
    assert {(one.order_reference, one.attempt_n) for one in seen} == {("o1", 1)}


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        (("SECOND_CHARGEBACK",), "OPEN"),
        (("SECOND_CHARGEBACK", "PREARBITRATION_WON"), "WON"),
        (("SECOND_CHARGEBACK", "PREARBITRATION_LOST"), "LOST"),
        (("PREARBITRATION_LOST", "SECOND_CHARGEBACK"), "LOST"),
    ],
)
def test_what_is_charged_back_again_is_a_dispute_of_its_own(codes, state):
    """The first stays won, whatever becomes of the second."""
    first = (fact("CHARGEBACK", "D1"), fact("CHARGEBACK_REVERSED", "D1"))

    seen = disputes_of([*first, *(fact(code, "D2") for code in codes)])

    assert [(one.provider_id, one.state) for one in seen] == [("D1", "WON"), ("D2", state)]


@pytest.mark.parametrize(
    ("good", "held"), [((True,), 1400), ((False,), None), ((True, False), 1400), ((False, True), 1400)]
)
def test_a_raised_hold_is_told_whatever_came_first(good, held):
    """Only adjustments that were granted count, and of two the larger: a hold is never asked to shrink."""
    raised = [fact("AUTHORISATION_ADJUSTMENT", f"A{n}", 1400, good=one) for n, one in enumerate(good)]

    seen = [payment_seen(PSP, order) for order in permutations((*HELD, *raised))]

    assert {(one.state, one.held_minor) for one in seen} == {(State.AUTHORIZED, held)}


def test_a_part_that_was_approved_is_told():
    seen = payment_seen(PSP, (fact(ASKED, detail="manual"), fact("AUTHORISATION", value=400)))

    assert (seen.held_minor, seen.amount_minor) == (400, 1000)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((fact(SENT_REFUND, "R", 300, detail="mine"),), "PENDING"),
        ((fact(SENT_REFUND, "R", 300, detail="mine"), fact("REFUND", "R", 300)), "SUCCEEDED"),
        ((fact(SENT_REFUND, "R", 300, detail="mine"), fact("REFUND", "R", 300, good=False)), "FAILED"),
        ((fact("REFUND", "R", 300), fact("REFUND_FAILED", "R", 300)), "FAILED"),
        ((fact("CANCEL_OR_REFUND", "R", 300, detail="refund"),), "SUCCEEDED"),
    ],
)
def test_a_refund(facts, state):
    seen = refund_seen(facts)

    assert (seen.state, seen.amount_minor, seen.payment_id) == (state, 300, PSP)
    assert seen.reference == ("mine" if facts[0].code == SENT_REFUND else None)


def test_only_refunds_that_have_not_failed_count():
    facts = (*HELD, fact("CAPTURE", "C"), fact("REFUND", "A", 100), fact("REFUND", "B", 50, good=False))

    assert payment_seen(PSP, facts).refunded_minor == 100


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        (("NOTIFICATION_OF_CHARGEBACK", "CHARGEBACK"), "OPEN"),
        (("CHARGEBACK", "CHARGEBACK_REVERSED"), "WON"),
        (("CHARGEBACK", "DISPUTE_DEFENSE_PERIOD_ENDED"), "LOST"),
    ],
)
def test_a_dispute(codes, state):
    facts = tuple(fact(code, "D", 500) for code in codes)

    assert dispute_seen(facts).state == state
    assert payment_seen(PSP, (*HELD, *facts)).is_disputed == (state != "WON")
