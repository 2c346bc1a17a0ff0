"""Captures, cancels, refunds, reversals: received, and told by notification what came of them."""

import pytest

from badgateway.payments.commands import (
    CloseDispute,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    OpenDispute,
    RefundPayment,
)
from badgateway.payments.model import Status
from badgateway.providers.adyen.instruments import TOKENS

DAY_MS = 86_400_000


@pytest.fixture
def modify(ask):
    """Give an asker of modifications: `modify(psp, "captures", 500)`."""

    def send(psp, what, value=None, **more):
        amount = {"amount": {"currency": more.pop("currency", "EUR"), "value": value}} if value else {}
        return ask(f"/payments/{psp}/{what}", {**amount, "reference": f"my-{what}", **more})

    return send


@pytest.fixture
def held(paid, account):
    """Give the reference of a payment that is held."""
    psp = paid(manual=True)["pspReference"]
    account.told.clear()
    return psp


@pytest.fixture
def taken(paid, account):
    """Give the reference of a payment that is captured."""
    psp = paid()["pspReference"]
    account.told.clear()
    return psp


def test_a_capture_is_received_and_told_with_its_own_reference(modify, held, account):
    status, answer, _ = modify(held, "captures", 600)

    (item,) = account.notifications()
    assert (status, answer["status"], answer["paymentPspReference"]) == (201, "received", held)
    assert answer["pspReference"] not in ("", held)
    assert (item["eventCode"], item["success"]) == ("CAPTURE", "true")
    assert (item["pspReference"], item["originalReference"]) == (answer["pspReference"], held)
    assert (item["merchantReference"], item["amount"]["value"]) == ("my-captures", 600)
    assert account.book.payment(held).captured_minor == 600


def test_a_capture_of_more_than_is_held_is_received_and_fails_later(modify, held, account):
    status, answer, _ = modify(held, "captures", 1001)

    (item,) = account.notifications()
    assert (status, answer["status"]) == (201, "received")
    assert (item["eventCode"], item["success"]) == ("CAPTURE", "false")
    assert item["reason"] == "Insufficient balance on payment"
    assert account.book.payment(held).captured_minor == 0
    assert account.answers[-1].refusal == "amount_too_large"
    assert not account.answers[-1].is_final


def test_a_second_capture_fails(modify, held, account):
    modify(held, "captures", 600)
    modify(held, "captures", 100)

    assert account.codes() == [("CAPTURE", "true"), ("CAPTURE", "false")]


def test_a_capture_in_another_currency_fails(modify, held, account):
    assert modify(held, "captures", 600, currency="USD")[0] == 201
    assert account.codes() == [("CAPTURE", "false")]


def test_a_cancel_releases_the_hold(modify, held, account):
    status, answer, _ = modify(held, "cancels")

    assert (status, "amount" in answer) == (201, False)
    assert account.codes() == [("CANCELLATION", "true")]
    assert account.book.payment(held).status is Status.VOIDED


def test_a_cancel_of_what_is_captured_fails(modify, taken, account):
    assert modify(taken, "cancels")[1]["status"] == "received"
    assert account.codes() == [("CANCELLATION", "false")]
    assert account.book.payment(taken).captured_minor == 1000


def test_a_cancel_of_what_was_refused_fails(modify, paid, account):
    psp = paid(holder="DECLINED")["pspReference"]
    account.told.clear()

    modify(psp, "cancels")

    assert account.codes() == [("CANCELLATION", "false")]


def test_a_cancel_by_reference_is_a_technical_one(ask, held, account):
    status, answer, _ = ask("/cancels", {"paymentReference": "order-1", "reference": "c"})

    assert (status, answer["paymentReference"], answer["status"]) == (201, "order-1", "received")
    assert account.codes() == [("TECHNICAL_CANCEL", "true")]
    assert account.book.payment(held).status is Status.VOIDED


def test_a_cancel_of_an_unknown_reference_is_received_and_never_told(ask, account):
    assert ask("/cancels", {"paymentReference": "nobody"})[0] == 201
    assert account.codes() == []


def test_a_refund_is_received_and_told(modify, taken, account):
    status, answer, _ = modify(taken, "refunds", 400, merchantRefundReason="RETURN")

    (item,) = account.notifications()
    assert (status, answer["merchantRefundReason"]) == (201, "RETURN")
    assert (item["eventCode"], item["success"], item["amount"]["value"]) == ("REFUND", "true", 400)
    assert item["pspReference"] == answer["pspReference"]
    assert account.book.payment(taken).refunded_minor == 400


@pytest.mark.parametrize("value", [1001, 5000])
def test_a_refund_of_more_than_was_captured_fails(modify, taken, account, value):
    modify(taken, "refunds", value)

    (item,) = account.notifications()
    assert (item["eventCode"], item["success"]) == ("REFUND", "false")
    assert item["reason"] == "Insufficient balance on payment"


def test_a_refund_of_what_is_only_held_fails(modify, held, account):
    modify(held, "refunds", 400)

    (item,) = account.notifications()
    assert item["reason"] == "Payment has not been captured yet"


def test_a_refund_comes_back_where_the_holder_says_so(modify, paid, account):
    psp = paid(holder="refund failed")["pspReference"]
    account.told.clear()
    modify(psp, "refunds", 400)
    first = account.codes()

    account.wait(4 * DAY_MS)

    assert first == [("REFUND", "true")]
    assert account.codes() == [("REFUND_FAILED", "true")]
    assert account.book.payment(psp).refunded_minor == 0


def test_a_pending_refund_is_told_when_it_has_its_outcome(modify, paid, account):
    card = {"storedPaymentMethodId": TOKENS["refund_pending"]}
    psp = paid(card=card)["pspReference"]
    account.told.clear()
    modify(psp, "refunds", 400)
    first = account.codes()

    account.wait(4 * DAY_MS)

    assert first == []
    assert account.codes() == [("REFUND", "true")]


def test_a_pending_refund_that_fails_is_a_refund_without_success(modify, paid, account):
    psp = paid(card={"storedPaymentMethodId": TOKENS["refund_pending"]})["pspReference"]
    refund = modify(psp, "refunds", 400)[1]["pspReference"]
    account.told.clear()

    account.act(FailRefund(refund))

    assert account.codes() == [("REFUND", "false")]


@pytest.mark.parametrize(("state", "action"), [("held", "cancel"), ("taken", "refund")])
def test_a_reversal_does_whichever_there_is(modify, account, request, state, action):
    psp = request.getfixturevalue(state)

    modify(psp, "reversals")

    (item,) = account.notifications()
    assert (item["eventCode"], item["success"]) == ("CANCEL_OR_REFUND", "true")
    assert item["additionalData"]["modification.action"] == action
    assert account.book.payment(psp).held_minor == 0
    assert account.book.payment(psp).refunded_minor == (1000 if action == "refund" else 0)


def test_a_reversal_of_what_was_reversed_fails(modify, taken, account):
    modify(taken, "reversals")
    account.told.clear()

    modify(taken, "reversals")

    assert account.codes() == [("CANCEL_OR_REFUND", "false")]


def test_an_adjustment_holds_more(modify, held, account):
    status, answer, _ = modify(held, "amountUpdates", 1500, industryUsage="delayedCharge")

    assert (status, answer["status"], answer["industryUsage"]) == (201, "received", "delayedCharge")
    assert account.codes() == [("AUTHORISATION_ADJUSTMENT", "true")]
    assert account.book.payment(held).held_minor == 1500


def test_the_same_happens_by_itself(paid, held, taken, account):
    account.act(ExpireAuthorization(held))
    account.act(OpenDispute("du_1", taken))
    account.act(CloseDispute("du_1", is_won=True))
    account.act(RefundPayment("re_dashboard", taken, 100))
    failing = paid()["pspReference"]
    account.act(FailCapture(failing))

    assert account.codes() == [
        ("EXPIRE", "true"),
        ("NOTIFICATION_OF_CHARGEBACK", "true"),
        ("CHARGEBACK", "true"),
        ("CHARGEBACK_REVERSED", "true"),
        ("REFUND", "true"),
        ("AUTHORISATION", "true"),
        ("CAPTURE_FAILED", "true"),
    ]


def test_a_lost_dispute_ends_its_defence(taken, account):
    account.act(OpenDispute("du_1", taken))
    account.act(CloseDispute("du_1", is_won=False))

    assert account.codes()[-1] == ("DISPUTE_DEFENSE_PERIOD_ENDED", "true")


@pytest.mark.parametrize(("is_won", "told"), [(True, "PREARBITRATION_WON"), (False, "PREARBITRATION_LOST")])
def test_a_bank_that_declines_the_defence_charges_back_a_second_time(taken, account, is_won, told):
    account.act(OpenDispute("du_1", taken))
    account.act(CloseDispute("du_1", is_won=True))
    account.told.clear()

    account.act(OpenDispute("du_2", taken, is_second=True))
    account.act(CloseDispute("du_2", is_won=is_won))

    items = account.notifications()
    assert [one["eventCode"] for one in items] == ["SECOND_CHARGEBACK", told]
    assert len({one["pspReference"] for one in items}) == 1
    assert account.book.ledger.balance("merchant", "EUR") == (1000 if is_won else 0)


def test_an_undefended_dispute_is_lost_when_its_defence_period_ends(taken, account):
    account.act(OpenDispute("du_1", taken))
    ends = {one["additionalData"]["defensePeriodEndsAt"] for one in account.notifications()}

    account.clock.advance(14 * DAY_MS)
    account.book.run_due()
    account.tell()

    assert ends == {"2023-11-28T22:13:20+00:00"}
    assert account.codes() == [("DISPUTE_DEFENSE_PERIOD_ENDED", "true")]


def test_each_neutral_happening_has_one_primary_event(modify, held, taken, account):
    account.act(OpenDispute("du_1", taken))

    assert [one.name for one in account.told] == [None, "dispute.opened"]
    modify(held, "captures", 10)
    assert account.told[-1].name == "payment.succeeded"


@pytest.mark.parametrize("what", ["captures", "cancels", "refunds", "reversals", "amountUpdates"])
def test_an_unknown_payment_is_refused_at_once(modify, account, what):
    status, error, _ = modify("A" * 16, what, None if what in {"cancels", "reversals"} else 100)

    assert (status, error["errorCode"], error["errorType"]) == (422, "167", "validation")
    assert account.answers[-1].refusal == "unknown_object"
    assert account.codes() == []


def test_an_inquiry_asks_for_information_and_charges_nothing_back(taken, account):
    account.book.drain()
    account.book.do(OpenDispute("du_1", taken, is_inquiry=True), "act:dispute")
    account.book.do(CloseDispute("du_1", is_won=False), "act:dispute")

    told = [one for happening in account.book.drain() for one in account.dialect.events(happening, account)]

    assert [one.wire_type for one in told] == ["REQUEST_FOR_INFORMATION", "ISSUER_RESPONSE_TIMEFRAME_EXPIRED"]
