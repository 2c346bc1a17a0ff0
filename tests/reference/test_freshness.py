"""Looks that are behind their event: what is doubted, how often, and what is not."""

from __future__ import annotations

import json

import pytest

from badgateway.reference.freshness import Known, is_behind
from badgateway.reference.notice import read_notice
from badgateway.reference.seen import Observation, read_dispute, read_payment, read_refund

KNOWN = Known(1, 0, has_dispute=False)
INTENT = {"object": "payment_intent", "id": "pi_1", "amount": 1000, "currency": "eur", "metadata": {}}
CHARGE = {"object": "charge", "id": "ch_1", "payment_intent": "pi_1", "currency": "eur"}
PART = {"id": "x_1", "payment_intent": "pi_1", "amount": 400, "currency": "eur"}
ERROR = {"code": "card_declined"}


def told(thing, kind="payment_intent.succeeded"):
    return read_notice({"id": "evt_1", "type": kind, "data": {"object": thing}})


def intent(status, **more):
    return {**INTENT, "status": status, **more}


def looked(status, refunded=0, **more):
    raw = intent(status, latest_charge={**CHARGE, "amount_refunded": refunded, "captured": True}, **more)
    return Observation(payment=read_payment(raw))


@pytest.mark.parametrize(
    ("event", "look", "is_old"),
    [
        (intent("succeeded"), looked("processing"), True),
        (intent("succeeded"), looked("requires_confirmation"), True),
        (intent("requires_capture"), looked("requires_action"), True),
        (intent("requires_payment_method", last_payment_error=ERROR), looked("requires_confirmation"), True),
        (intent("succeeded"), looked("succeeded"), False),
        (intent("processing"), looked("succeeded"), False),
        (intent("requires_payment_method", last_payment_error=ERROR), looked("requires_action"), False),
        (intent("succeeded"), looked("requires_payment_method", last_payment_error=ERROR), False),
        (intent("canceled"), looked("succeeded"), False),
    ],
)
def test_a_payment_that_shows_less_than_its_event_is_old(event, look, is_old):
    assert is_behind(told(event), look, KNOWN) is is_old


@pytest.mark.parametrize(
    ("kind", "event", "look", "is_old"),
    [
        ("refund", "succeeded", "pending", True),
        ("refund", "failed", "succeeded", True),
        ("refund", "pending", "failed", False),
        ("dispute", "lost", "needs_response", True),
        ("dispute", "lost", "won", False),
        ("dispute", "warning_closed", "warning_needs_response", False),
    ],
)
def test_a_refund_or_dispute_that_shows_less_than_its_event_is_old(kind, event, look, is_old):
    raw, shown = ({**PART, "object": kind, "status": status} for status in (event, look))
    refunds = (read_refund(shown),) if kind == "refund" else ()
    dispute = read_dispute(shown) if kind == "dispute" else None
    seen = Observation(refunds=refunds, disputes=(dispute,) if dispute else ())

    assert is_behind(told(raw, f"{kind}.updated"), seen, KNOWN) is is_old


@pytest.mark.parametrize(
    ("refunded", "known", "is_old"),
    [(0, KNOWN, True), (400, KNOWN, False), (0, Known(1, 0, has_dispute=False, returned_minor=400), False)],
)
def test_a_charge_without_a_refund_that_was_told_is_old_unless_it_failed_since(refunded, known, is_old):
    event = told({**CHARGE, "amount": 1000, "amount_refunded": 400}, "charge.refunded")

    assert is_behind(event, looked("succeeded", refunded, amount_received=1000), known) is is_old


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_payment_that_cannot_be_found_is_old_only_where_it_is_ours(is_ours):
    known = Known(None, 0, has_dispute=False, is_ours=is_ours)

    assert is_behind(told(intent("succeeded")), None, known) is is_ours


def test_an_event_that_was_kept_without_its_content_is_believed_to_be_answered():
    kept = read_notice({"id": "evt_1", "type": "payment_intent.succeeded", "data": {}})

    assert is_behind(kept, looked("processing"), KNOWN) is False


@pytest.fixture
def slow(fake, start):
    """Give a shop whose payment has just succeeded, and what a copy from before shows of it."""
    shop = start()
    shop.opened()
    shop.pay(method="pm_slow")
    shop.before = (200, json.loads(json.dumps(fake.payments["pi_1"])), {})
    fake.become(fake.payments["pi_1"], "succeeded", 4999)
    shop.event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])
    return shop


def test_an_old_look_is_repeated_at_once(fake, slow):
    fake.script["fetch"] = [slow.before] * 2

    answered = slow.tell(slow.event)

    assert (answered.status_code, slow.view()["status"]) == (200, "PAID")


def test_looks_that_stay_old_leave_the_event_to_be_told_again(fake, slow):
    fake.script["fetch"] = [slow.before] * 3

    first = slow.tell(slow.event)
    shown = slow.view()["status"]
    second = slow.tell(slow.event)

    assert (first.status_code, shown) == (503, "PENDING")
    assert (second.status_code, slow.view()["status"]) == (200, "PAID")


def test_an_event_of_a_payment_that_cannot_be_read_yet_comes_again(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = ["close_after"] * 3
    shop.pay()
    made = fake.payments.pop("pi_1")

    unread = shop.tell(fake.event("payment_intent.succeeded", made))
    fake.payments["pi_1"] = made
    read = shop.tell(fake.event("payment_intent.succeeded", made, "evt_again"))

    assert (unread.status_code, read.status_code) == (503, 200)
    assert shop.view()["status"] == "PAID"


def test_an_event_of_somebody_elses_order_that_cannot_be_read_is_foreign(fake, start):
    shop = start()

    told = shop.tell(fake.event("payment_intent.succeeded", {**INTENT, "metadata": {"order": "theirs"}}))

    assert (told.status_code, told.json) == (200, {"result": "foreign"})
