"""Webhook events of each transition, in Stripe's order, with the neutral name on the primary one."""

import json

import pytest
import stripe

from badgateway.payments.commands import (
    Authenticate,
    CloseDispute,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    OpenDispute,
)
from badgateway.providers.stripe.events import _USUAL
from badgateway.providers.stripe.intent_object import payment_intent_object
from badgateway.providers.stripe.render import to_bytes
from badgateway.providers.stripe.shelf import shelf

SEVERAL = {"card": {"request_multicapture": "if_available"}}


def names(account):
    """Give (wire type, neutral name) of all events so far, and forget them."""
    told = [(event.wire_type, event.name) for event in account.told]
    account.told.clear()
    return told


def test_a_payment_at_once(paid, account):
    paid()

    assert names(account) == [
        ("payment_intent.created", None),
        ("charge.succeeded", None),
        ("payment_intent.succeeded", "payment.succeeded"),
    ]


def test_a_decline(paid, account):
    with pytest.raises(stripe.CardError):
        paid(card="pm_card_chargeDeclined")

    assert names(account)[1:] == [
        ("charge.failed", None),
        ("payment_intent.payment_failed", "payment.failed"),
    ]


def test_a_hold_that_is_captured_in_two_parts(paid, client, account):
    held = paid(capture_method="manual", payment_method_options=SEVERAL)
    client.payment_intents.capture(held.id, {"amount_to_capture": 1000, "final_capture": False})
    client.payment_intents.capture(held.id, {"amount_to_capture": 2000})

    assert names(account)[1:] == [
        ("charge.succeeded", None),
        ("payment_intent.amount_capturable_updated", "payment.authorized"),
        ("charge.captured", None),
        ("payment_intent.amount_capturable_updated", "payment.authorized"),
        ("charge.captured", None),
        ("payment_intent.succeeded", "payment.succeeded"),
    ]


def test_cancelling_with_and_without_a_hold(paid, client, account):
    held = paid(capture_method="manual")
    empty = client.payment_intents.create({"amount": 500, "currency": "usd"})
    names(account)

    client.payment_intents.cancel(held.id)
    client.payment_intents.cancel(empty.id)

    assert names(account) == [
        ("payment_intent.canceled", "payment.voided"),
        ("charge.refunded", None),
        ("payment_intent.canceled", "payment.voided"),
    ]


def test_a_cancelled_rest_of_a_partly_captured_hold(paid, client, account):
    held = paid(capture_method="manual", payment_method_options=SEVERAL)
    client.payment_intents.capture(held.id, {"amount_to_capture": 1000, "final_capture": False})
    names(account)

    done = client.payment_intents.cancel(held.id)

    assert (done.status, done.amount_received) == ("succeeded", 1000)
    assert names(account) == [
        ("charge.updated", None),
        ("payment_intent.succeeded", "payment.succeeded"),
    ]


@pytest.mark.parametrize(
    ("is_passed", "expected"),
    [
        (True, [("charge.succeeded", None), ("payment_intent.succeeded", "payment.succeeded")]),
        (False, [("payment_intent.payment_failed", "payment.failed")]),
    ],
)
def test_a_challenge(paid, account, is_passed, expected):
    intent = paid(card="pm_card_authenticationRequired")
    asked = names(account)

    account.act(Authenticate(intent.id, is_passed))

    assert asked[1:] == [("payment_intent.requires_action", None)]
    assert names(account) == expected


def test_a_failed_challenge_asks_for_another_method(paid, client, account):
    intent = paid(card="pm_card_authenticationRequired")

    account.act(Authenticate(intent.id, is_passed=False))
    failed = client.payment_intents.retrieve(intent.id)

    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("success", [("charge.succeeded", None), ("payment_intent.succeeded", "payment.succeeded")]),
        (
            "insufficientFunds",
            [("charge.failed", None), ("payment_intent.payment_failed", "payment.failed")],
        ),
    ],
)
def test_a_bank_debit_clears_or_fails_later(paid, account, card, expected):
    paid(card=f"pm_usBankAccount_{card}")
    asked = names(account)

    account.clock.jump_to(account.book.next_due_ms())
    account.book.run_due()
    account.tell()

    assert asked[1:] == [
        ("charge.pending", None),
        ("payment_intent.processing", "payment.pending"),
    ]
    assert names(account) == expected


def test_a_lapsed_hold(paid, client, account):
    held = paid(capture_method="manual")
    names(account)

    account.act(ExpireAuthorization(held.id))
    shown = client.payment_intents.retrieve(held.id)

    assert names(account) == [
        ("charge.expired", "payment.expired"),
        ("payment_intent.canceled", None),
    ]
    assert (shown.status, shown.cancellation_reason) == ("canceled", "automatic")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.capture(held.id)
    assert refused.value.code == "capture_charge_authorization_expired"


def test_a_reversed_capture(paid, client, account):
    intent = paid()
    names(account)

    account.act(FailCapture(intent.id))
    charge = client.charges.retrieve(intent.latest_charge)

    assert names(account) == [
        ("charge.failed", "capture.failed"),
        ("payment_intent.payment_failed", None),
    ]
    assert (charge.status, charge.captured, charge.outcome.network_status) == (
        "failed", True, "reversed_after_approval",
    )  # fmt: skip


def test_a_refund_that_comes_back(paid, client, account):
    refund = client.refunds.create({"payment_intent": paid().id})
    made = names(account)[3:]

    account.act(FailRefund(refund.id))

    assert made == [
        ("refund.created", None),
        ("charge.refunded", "refund.succeeded"),
        ("refund.updated", None),
        ("charge.refund.updated", None),
    ]
    assert names(account) == [
        ("refund.failed", "refund.failed"),
        ("refund.updated", None),
        ("charge.refund.updated", None),
    ]


def test_a_refund_that_arrives_later(paid, client, account):
    client.refunds.create({"payment_intent": paid(card="pm_card_pendingRefund").id})
    made = names(account)[3:]

    account.clock.jump_to(account.book.next_due_ms())
    account.book.run_due()
    account.tell()

    assert made == [("refund.created", None), ("charge.refunded", None)]
    assert [event.body for event in account.told if b'"status": "succeeded"' in event.body]
    assert names(account) == [
        ("refund.updated", "refund.succeeded"),
        ("charge.refund.updated", None),
    ]


@pytest.mark.parametrize(
    ("is_won", "expected"),
    [
        (True, [("charge.dispute.closed", "dispute.won"), ("charge.dispute.funds_reinstated", None)]),
        (False, [("charge.dispute.closed", "dispute.lost")]),
    ],
)
def test_a_dispute(paid, account, is_won, expected):
    intent = paid()
    names(account)

    account.act(OpenDispute("du_1test", intent.id))
    opened = names(account)
    account.act(CloseDispute("du_1test", is_won))

    assert opened == [
        ("charge.dispute.created", "dispute.opened"),
        ("charge.dispute.funds_withdrawn", None),
    ]
    assert names(account) == expected


def test_no_happening_has_two_primary_events():
    """A neutral name counts one event for each happening, or selectors would count twice."""
    for kinds in _USUAL.values():
        assert sum(kind.is_primary for kind in kinds) <= 1


def test_an_event_says_who_asked_for_it(client, account):
    intent = client.payment_intents.create(
        {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True},
        {"idempotency_key": "k1"},
    )
    bodies = [json.loads(event.body) for event in account.told]

    assert {body["request"]["idempotency_key"] for body in bodies} == {"k1"}
    assert {body["request"]["id"] for body in bodies} == {intent.last_response.headers["Request-Id"]}


def test_nobody_asked_for_what_the_bank_does(paid, account):
    intent = paid()
    account.told.clear()

    account.act(OpenDispute("du_1test", intent.id))

    body = json.loads(account.told[0].body)
    assert body["request"] == {"id": None, "idempotency_key": None}
    assert account.told[0].cause == "act:test"


def test_an_event_holds_the_snapshot_of_its_moment(paid, client, account):
    held = paid(capture_method="manual")
    client.payment_intents.capture(held.id)

    told = {event.wire_type: event for event in account.told}
    was = json.loads(told["payment_intent.amount_capturable_updated"].body)["data"]["object"]

    assert (was["status"], was["amount_capturable"]) == ("requires_capture", 4999)
    assert told["payment_intent.amount_capturable_updated"].tells == "authorized"
    assert told["payment_intent.succeeded"].tells == "succeeded"
    assert [told[name].facts for name in ("payment_intent.created", "charge.captured")] == [(), (2,)]


def test_an_updated_object_tells_its_old_values(paid, client, account):
    intent = paid()
    account.told.clear()

    client.refunds.create({"payment_intent": intent.id, "amount": 1000})

    told = {event.wire_type: json.loads(event.body)["data"] for event in account.told}
    assert told["charge.refunded"]["previous_attributes"] == {"amount_refunded": 0}
    changed = told["refund.updated"]["previous_attributes"]["destination_details"]["card"]
    assert changed["reference_status"] == "pending"
    assert "previous_attributes" not in told["refund.created"]


def test_bodies_are_indented_by_two_spaces(paid, account):
    paid()

    assert all(event.body.startswith(b'{\n  "id": "evt_3') for event in account.told)


def test_events_can_be_asked_for(paid, client, account):
    paid()
    made = [event.id for event in account.told]

    everything = client.events.list()
    of_charges = client.events.list({"type": "charge.*"})
    of_two = client.events.list({"types": ["payment_intent.created", "charge.succeeded"]})
    one = client.events.retrieve(made[0])

    assert [event.id for event in everything.data] == made[::-1]
    assert [event.type for event in of_charges.data] == ["charge.succeeded"]
    assert [event.type for event in of_two.data] == ["charge.succeeded", "payment_intent.created"]
    assert one.to_dict() == json.loads(account.told[0].body)


def test_events_are_forgotten_after_thirty_days(paid, client, account):
    paid()

    account.clock.advance(31 * 86_400_000)

    assert client.events.list().data == []


@pytest.mark.parametrize("options", [{}, {"capture_method": "manual"}, {"card": "pm_usBankAccount_success"}])
def test_an_intent_that_is_shown_again_is_what_it_would_be_if_it_were_rendered_anew(
    options, paid, client, account
):
    """Answers and events of one snapshot share one object, and nobody who shows it changes it."""
    made = paid(**options)
    client.payment_intents.retrieve(made.id, {"expand": ["latest_charge", "payment_method"]})
    client.payment_intents.retrieve(made.id, options={"stripe_version": "2020-08-27"})
    payment, kept = account.book.payment(made.id), shelf(account)

    assert kept.intent_shown[0] is payment
    shown = to_bytes(payment_intent_object(payment, account))
    kept.intent_shown = None

    assert to_bytes(payment_intent_object(payment, account)) == shown


def test_an_intent_that_has_ended_is_rendered_anew_each_time(paid, client, account):
    """When it ended stands beside the snapshot, and so may be known later than the snapshot."""
    made = paid(capture_method="manual")
    client.payment_intents.cancel(made.id)
    payment = account.book.payment(made.id)

    assert payment_intent_object(payment, account) is not payment_intent_object(payment, account)
