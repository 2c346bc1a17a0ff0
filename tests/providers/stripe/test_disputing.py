"""Cards whose holders dispute what was paid, and inquiries, in which a bank only asks; by the SDK."""

import json

import pytest
import stripe

from badgateway.payments.decisions import DAY_MS
from badgateway.payments.ledger import DISPUTED


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("pm_card_createDispute", "fraudulent"),
        ("pm_card_createDisputeProductNotReceived", "product_not_received"),
    ],
)
def test_what_is_paid_with_the_card_is_disputed(client, account, paid, card, reason):
    intent = paid(card=card)

    (dispute,) = client.disputes.list({"payment_intent": intent.id}).data
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", reason, 4999)
    assert account.types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert client.charges.retrieve(intent.latest_charge).disputed is True
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"


def test_a_hold_is_disputed_when_it_is_captured(client, paid):
    held = paid(card="pm_card_createDispute", capture_method="manual")
    before = client.disputes.list().data
    client.payment_intents.capture(held.id, {"amount_to_capture": 1000})

    (dispute,) = client.disputes.list().data
    assert before == []
    assert dispute.amount == 1000


def test_an_inquiry_moves_no_money_and_leaves_the_charge_refundable(client, account, paid):
    intent = paid(card="pm_card_createDisputeInquiry")

    (inquiry,) = client.disputes.list().data
    told = account.types()
    refund = client.refunds.create({"payment_intent": intent.id, "amount": 100})
    assert inquiry.status == "warning_needs_response"
    assert inquiry.is_charge_refundable is True
    assert inquiry.payment_method_details.card.case_type == "inquiry"
    assert told[-1] == "charge.dispute.created"
    assert "charge.dispute.funds_withdrawn" not in told
    assert account.book.ledger.balance(DISPUTED, "EUR") == 0
    assert refund.status == "succeeded"


def test_an_inquiry_is_answered_and_closed(client, account, paid):
    paid(card="pm_card_createDisputeInquiry")
    (inquiry,) = client.disputes.list().data
    account.told.clear()
    answered = client.disputes.update(inquiry.id, {"evidence": {"customer_name": "Ada"}})
    closed = client.disputes.close(inquiry.id)

    assert answered.status == "warning_under_review"
    assert (closed.status, closed.is_charge_refundable) == ("warning_closed", False)
    assert account.types() == ["charge.dispute.updated", "charge.dispute.closed"]
    with pytest.raises(stripe.InvalidRequestError):
        client.disputes.close(inquiry.id)


def test_an_inquiry_that_nobody_follows_up_closes_after_120_days(client, account, paid):
    paid(card="pm_card_createDisputeInquiry")
    (inquiry,) = client.disputes.list().data
    account.clock.advance(119 * DAY_MS)
    account.book.run_due()
    before = client.disputes.retrieve(inquiry.id).status
    account.clock.advance(2 * DAY_MS)
    account.book.run_due()

    assert before == "warning_needs_response"
    assert client.disputes.retrieve(inquiry.id).status == "warning_closed"


@pytest.mark.parametrize("word", ["winning_evidence", "losing_evidence"])
def test_the_words_of_tests_close_an_inquiry(client, paid, word):
    paid(card="pm_card_createDisputeInquiry")
    (inquiry,) = client.disputes.list().data

    assert client.disputes.update(inquiry.id, {"evidence": {"uncategorized_text": word}}).status == (
        "warning_closed"
    )


def test_escalating_an_inquiry_is_refused_by_name(client, account, paid):
    paid(card="pm_card_createDisputeInquiry")
    (inquiry,) = client.disputes.list().data

    with pytest.raises(stripe.InvalidRequestError, match="escalate"):
        client.disputes.update(inquiry.id, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}})
    assert client.disputes.retrieve(inquiry.id).status == "warning_needs_response"


def test_by_number_and_by_old_token_it_is_the_same_card(ask):
    inside = "payment_method_data[card]"
    number = f"{inside}[number]=4000000000000259&{inside}[exp_month]=12&{inside}[exp_year]=2034"
    for card in (number, f"{inside}[token]=tok_createDispute"):
        form = f"amount=500&currency=eur&confirm=true&payment_method_data[type]=card&{card}"
        assert ask("POST", "/v1/payment_intents", form)[0] == 200

    assert len(ask("GET", "/v1/disputes")[1]["data"]) == 2


@pytest.mark.parametrize(
    ("card", "what"),
    [
        ("pm_card_createIssuerFraudRecord", "early fraud warnings"),
        ("pm_card_createMultipleDisputes", "several disputes"),
    ],
)
def test_what_is_not_simulated_is_refused_by_name(ask, card, what):
    status, shown = ask("POST", "/v1/payment_intents", f"amount=500&currency=eur&payment_method={card}")

    assert status == 400
    assert what in shown["error"]["message"]
    assert json.dumps(shown).count(card) == 1
