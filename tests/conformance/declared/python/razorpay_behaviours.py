"""Razorpay's SDK: orders, payments, captures, refunds, errors and webhooks."""

import json
import os

import inbox
import pytest
import razorpay
from razorpay.errors import BadRequestError, SignatureVerificationError

client = razorpay.Client(
    auth=(os.environ["RAZORPAY_KEY_ID"], os.environ["RAZORPAY_KEY_SECRET"]),
    base_url=os.environ["RAZORPAY_URL"],
)
SECRET = os.environ["RAZORPAY_WEBHOOK_SECRET"]


def paid(token="token_approved", **changes):
    order = client.order.create({"amount": 4999, "currency": "INR", "receipt": "r1", **changes})
    made = client.payment.createPaymentJson(
        {"amount": 4999, "currency": "INR", "order_id": order["id"], "token": token, "method": "card"}
    )
    return order, made["razorpay_payment_id"]


def test_an_order_is_made_and_paid():
    order, payment_id = paid()
    payment = client.payment.fetch(payment_id)

    assert (order["status"], client.order.fetch(order["id"])["status"]) == ("created", "paid")
    assert (payment["status"], payment["captured"], payment["amount"]) == ("captured", True, 4999)
    assert payment["order_id"] == order["id"]


def test_a_held_payment_is_captured():
    _, payment_id = paid(payment_capture=0)

    assert client.payment.fetch(payment_id)["status"] == "authorized"
    assert client.payment.capture(payment_id, 4999, {"currency": "INR"})["status"] == "captured"


def test_a_capture_twice_is_refused():
    _, payment_id = paid()

    with pytest.raises(BadRequestError):
        client.payment.capture(payment_id, 4999, {"currency": "INR"})


def test_a_payment_is_refunded_in_part():
    _, payment_id = paid()

    refund = client.payment.refund(payment_id, {"amount": 1000})

    assert (refund["status"], refund["amount"], refund["payment_id"]) == ("processed", 1000, payment_id)
    assert client.payment.fetch(payment_id)["refund_status"] == "partial"
    assert client.refund.fetch(refund["id"]) == refund


def test_a_refund_with_the_same_key_is_one_refund():
    _, payment_id = paid()
    headers = {"X-Refund-Idempotency": "refund-of-test-1"}

    first, second = (client.payment.refund(payment_id, {"amount": 1000}, headers=headers) for _ in range(2))

    assert first["id"] == second["id"]
    assert client.payment.fetch(payment_id)["amount_refunded"] == 1000


def test_a_declined_card_is_a_bad_request_with_its_reason():
    with pytest.raises(BadRequestError):
        paid("token_insufficient_funds")


def test_all_attempts_of_an_order_are_listed():
    order = client.order.create({"amount": 4999, "currency": "INR"})
    charge = {"amount": 4999, "currency": "INR", "order_id": order["id"], "method": "card"}
    with pytest.raises(BadRequestError):
        client.payment.createPaymentJson({**charge, "token": "token_declined"})
    client.payment.createPaymentJson({**charge, "token": "token_approved"})

    found = client.order.payments(order["id"])

    assert [one["status"] for one in found["items"]] == ["failed", "captured"]


def test_its_webhooks_are_genuine_for_the_sdk():
    order, _ = paid()
    headers, text = inbox.told(
        lambda body: (
            body["event"] == "payment.captured"
            and body["payload"]["payment"]["entity"]["order_id"] == order["id"]
        )
    )
    signature = headers["X-Razorpay-Signature"]

    assert client.utility.verify_webhook_signature(text, signature, SECRET)
    assert headers["X-Razorpay-Event-Id"].startswith("evt_")
    with pytest.raises(SignatureVerificationError):
        client.utility.verify_webhook_signature(text.replace("4999", "9999"), signature, SECRET)
    assert json.loads(text)["contains"] == ["payment"]


def test_a_wrong_secret_is_refused():
    wrong = razorpay.Client(
        auth=(os.environ["RAZORPAY_KEY_ID"], "wrong"), base_url=os.environ["RAZORPAY_URL"]
    )

    with pytest.raises(BadRequestError, match="Authentication failed"):
        wrong.order.create({"amount": 100, "currency": "INR"})
