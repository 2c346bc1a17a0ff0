"""Asking for more of a hold, and refunds that cannot be cancelled; driven by the official SDK."""

import pytest
import stripe

ASKED = {"card": {"request_incremental_authorization": "if_available"}}


@pytest.fixture
def held(paid, account):
    """Give a maker of holds that may be incremented."""

    def hold(**more):
        made = paid(amount=1000, capture_method="manual", payment_method_options=ASKED, **more)
        account.told.clear()
        return made

    return hold


def test_a_hold_grows_to_the_new_total(client, account, held):
    intent = held()
    grown = client.payment_intents.increment_authorization(intent.id, {"amount": 1500, "description": "more"})
    done = client.payment_intents.capture(intent.id)

    assert (grown.status, grown.amount, grown.amount_capturable) == ("requires_capture", 1500, 1500)
    assert grown.description == "more"
    assert done.amount_received == 1500
    assert account.types()[:2] == ["charge.updated", "payment_intent.amount_capturable_updated"]
    assert client.charges.retrieve(done.latest_charge).amount == 1500


def test_a_total_that_is_not_more_is_refused(client, held):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.increment_authorization(held().id, {"amount": 1000})

    assert refused.value.param == "amount"


def test_who_did_not_ask_for_it_cannot_increment(client, paid):
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.increment_authorization(paid(capture_method="manual").id, {"amount": 9000})


def test_what_is_not_held_cannot_be_incremented(client, paid):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.increment_authorization(paid().id, {"amount": 9000})

    assert refused.value.code == "payment_intent_unexpected_state"


def test_ten_tries_and_no_more(client, held):
    intent = held()
    for n in range(10):
        client.payment_intents.increment_authorization(intent.id, {"amount": 1001 + n})

    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.increment_authorization(intent.id, {"amount": 2000})
    assert client.payment_intents.retrieve(intent.id).amount_capturable == 1010


def test_a_refund_that_has_begun_cannot_be_cancelled(client, paid):
    refund = client.refunds.create({"payment_intent": paid().id})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.cancel(refund.id)
    assert "succeeded" in str(refused.value)


def test_the_balance_says_what_is_pending_and_what_is_settled(client, paid, account):
    paid(amount=10_000)
    before = client.balance.retrieve()
    account.book.settlement.settle("act:settle")
    client.refunds.create({"payment_intent": client.payment_intents.list().data[0].id, "amount": 500})
    after = client.balance.retrieve()

    assert [(one.amount, one.currency) for one in before.pending] == [(10_000, "eur")]
    assert [one.amount for one in before.available] == [0]
    assert [one.amount for one in after.available] == [10_000 - 175]
    assert [one.amount for one in after.pending] == [-500]


def test_an_empty_balance_has_no_money_in_it(client):
    assert [one.amount for one in client.balance.retrieve().available] == [0]
