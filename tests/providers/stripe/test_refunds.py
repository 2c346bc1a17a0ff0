"""Refunds, driven by the official SDK."""

import pytest
import stripe

from badgateway.ground.message import Request
from badgateway.payments.commands import FailRefund, OpenDispute


def test_a_refund_gives_everything_back(paid, client, account):
    intent = paid()

    refund = client.refunds.create({"payment_intent": intent.id})

    assert (refund.status, refund.amount, refund.charge) == ("succeeded", 4999, intent.latest_charge)
    assert account.book.payment(intent.id).refunded_minor == 4999
    assert client.charges.retrieve(intent.latest_charge).refunded is True


def test_refunds_of_a_part_leave_the_rest(paid, client):
    intent = paid()

    client.refunds.create({"payment_intent": intent.id, "amount": 1000, "reason": "duplicate"})
    rest = client.refunds.create({"charge": intent.latest_charge})
    charge = client.charges.retrieve(intent.latest_charge)

    assert rest.amount == 3999
    assert (charge.amount_refunded, charge.refunded) == (4999, True)


def test_more_than_is_left_is_refused(paid, client):
    intent = paid()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.create({"payment_intent": intent.id, "amount": 5000})

    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, None, "amount")


def test_a_permissive_account_lets_an_over_refund_through(new_account):
    account = new_account(is_strict=False)
    form = f"payment_intent={account.made['pi']}&amount=6000".encode()

    reply = account.serve(
        Request("POST", "/v1/refunds", "", (("Authorization", f"Bearer {account.api_key}"),), form)
    )

    assert reply.status == 200
    assert account.book.payment(account.made["pi"]).refunded_minor == 6005


def test_a_second_full_refund_is_refused(paid, client):
    intent = paid()
    client.refunds.create({"payment_intent": intent.id})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.create({"payment_intent": intent.id})

    assert refused.value.code == "charge_already_refunded"


def test_a_disputed_charge_is_not_refunded(paid, client, account):
    intent = paid()
    account.act(OpenDispute("du_1test", intent.id))

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.create({"payment_intent": intent.id})

    assert refused.value.code == "charge_disputed"
    assert client.disputes.retrieve("du_1test").status == "needs_response"


def test_a_refund_of_nothing_is_refused(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.create({"amount": 5})

    assert (refused.value.code, refused.value.param) == ("parameter_missing", "payment_intent")


def test_a_card_may_make_refunds_wait(paid, client, account):
    intent = paid(card="pm_card_pendingRefund")

    refund = client.refunds.create({"payment_intent": intent.id})
    account.clock.jump_to(account.book.next_due_ms())
    account.book.run_due()

    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert client.refunds.retrieve(refund.id).status == "succeeded"


def test_a_refund_may_come_back(paid, client, account):
    intent = paid()
    refund = client.refunds.create({"payment_intent": intent.id})

    account.act(FailRefund(refund.id))
    failed = client.refunds.retrieve(refund.id)

    assert (failed.status, failed.failure_reason) == ("failed", "unknown")


def test_metadata_of_a_refund_can_be_changed(paid, client):
    refund = client.refunds.create({"payment_intent": paid().id, "metadata": {"refund": "r1"}})

    client.refunds.update(refund.id, {"metadata": {"note": "x"}})

    assert client.refunds.retrieve(refund.id).metadata.to_dict() == {"refund": "r1", "note": "x"}


def test_refunds_are_listed_by_payment(paid, client):
    first, second = paid(), paid()
    mine = [client.refunds.create({"payment_intent": first.id, "amount": 10}).id for _ in range(2)]
    client.refunds.create({"payment_intent": second.id})

    found = client.refunds.list({"payment_intent": first.id})

    assert sorted(one.id for one in found.data) == sorted(mine)
