"""Square's SDK: payments, completions, cancels, refunds, keys in the body, errors and webhooks."""

import os

import inbox
import pytest
from square import Square
from square.core.api_error import ApiError
from square.utils.webhooks_helper import verify_signature

client = Square(token=os.environ["SQUARE_ACCESS_TOKEN"], base_url=os.environ["SQUARE_URL"])


def paid(key, nonce="cnon:card-nonce-ok", **changes):
    money = {"amount": 4999, "currency": "USD"}
    return client.payments.create(
        source_id=nonce, idempotency_key=key, amount_money=money, reference_id="o1", **changes
    ).payment


def test_a_payment_is_made_and_shown():
    made = paid("k1")
    shown = client.payments.get(payment_id=made.id).payment

    assert (shown.status, shown.amount_money.amount, shown.reference_id) == ("COMPLETED", 4999, "o1")


def test_a_hold_is_completed():
    held = paid("k2", autocomplete=False)

    assert held.status == "APPROVED"
    assert client.payments.complete(payment_id=held.id).payment.status == "COMPLETED"


def test_a_hold_is_cancelled():
    held = paid("k3", autocomplete=False)

    assert client.payments.cancel(payment_id=held.id).payment.status == "CANCELED"


def test_a_payment_is_refunded():
    made = paid("k4")
    money = {"amount": 1000, "currency": "USD"}

    refund = client.refunds.refund_payment(
        idempotency_key="k4r", amount_money=money, payment_id=made.id
    ).refund

    assert (refund.status, refund.amount_money.amount, refund.payment_id) == ("COMPLETED", 1000, made.id)


def test_a_key_is_one_payment():
    assert paid("k5").id == paid("k5").id


def test_a_key_with_other_parameters_is_refused():
    paid("k6")

    with pytest.raises(ApiError) as refused:
        paid("k6", autocomplete=False)

    assert refused.value.body["errors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_a_declined_card_is_an_error_with_its_code():
    with pytest.raises(ApiError) as declined:
        paid("k7", "cnon:card-nonce-declined")

    assert declined.value.status_code == 402
    assert declined.value.body["errors"][0]["code"] == "GENERIC_DECLINE"


def test_its_webhooks_are_genuine_for_the_sdk():
    made = paid("k8")
    headers, text = inbox.told(lambda body: body["data"]["id"] == made.id)
    known = {
        "signature_header": headers["x-square-hmacsha256-signature"],
        "signature_key": os.environ["SQUARE_WEBHOOK_SECRET"],
        "notification_url": inbox.HOOK,
    }

    assert verify_signature(request_body=text, **known)
    assert not verify_signature(request_body=text.replace("4999", "9999"), **known)
