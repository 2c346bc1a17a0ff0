"""Checkout.com's SDK: payments, captures, voids, refunds, keys, errors and webhooks."""

import hashlib
import hmac
import os

import inbox
import pytest
import requests
from checkout_sdk.checkout_api import CheckoutApi
from checkout_sdk.checkout_configuration import CheckoutConfiguration
from checkout_sdk.default_keys_credentials import DefaultKeysSdkCredentials
from checkout_sdk.environment import Environment
from checkout_sdk.exception import CheckoutApiException
from checkout_sdk.payments.payments import (
    CaptureRequest,
    PaymentRequest,
    RefundRequest,
    ThreeDsRequest,
    VoidRequest,
)
from checkout_sdk.payments.payments import PaymentRequestIdSource as IdSource
from checkout_sdk.payments.payments import PaymentRequestTokenSource as TokenSource

URL = os.environ["CHECKOUT_URL"] + "/"


def api(key=os.environ["CHECKOUT_API_KEY"]):
    # The builder wants a key of the real provider's form; what it builds is this.
    environment = Environment(URL, f"{URL}connect/token", *[URL] * 5, is_sandbox=True)
    return CheckoutApi(CheckoutConfiguration(DefaultKeysSdkCredentials(key), environment, requests.Session()))


payments = api().payments


def asked(token="tok_approved", **changes):
    source, request = TokenSource(), PaymentRequest()
    source.token = token
    request.source, request.amount, request.currency, request.reference = source, 4999, "EUR", "o1"
    for name, value in changes.items():
        setattr(request, name, value)
    return request


def test_a_payment_is_made_and_shown():
    paid = payments.request_payment(asked(metadata={"order": "o1"}))
    shown = payments.get_payment_details(paid.id)

    assert (paid.approved, paid.response_code, paid.http_metadata.status_code) == (True, "10000", 201)
    assert (shown.status, shown.amount, shown.currency, shown.reference) == ("Captured", 4999, "EUR", "o1")
    assert shown.metadata.order == "o1"


def test_a_hold_is_captured_in_part_and_accepted_first():
    held = payments.request_payment(asked(capture=False))
    request = CaptureRequest()
    request.amount, request.capture_type = 2000, "NonFinal"

    accepted = payments.capture_payment(held.id, request)

    assert (held.status, accepted.http_metadata.status_code) == ("Authorized", 202)
    assert accepted.action_id
    assert payments.get_payment_details(held.id).status == "Partially Captured"


def test_a_hold_is_voided():
    held = payments.request_payment(asked(capture=False))

    payments.void_payment(held.id, VoidRequest())

    assert payments.get_payment_details(held.id).status == "Voided"


def test_a_payment_is_refunded_in_part():
    paid = payments.request_payment(asked())
    request = RefundRequest()
    request.amount = 1000

    payments.refund_payment(paid.id, request)

    assert payments.get_payment_details(paid.id).status == "Partially Refunded"


def test_a_key_is_one_payment_and_its_replay_says_202():
    first, second = (payments.request_payment(asked(), "key-1") for _ in range(2))

    assert first.id == second.id
    assert (first.http_metadata.status_code, second.http_metadata.status_code) == (201, 202)


def test_a_declined_card_is_an_answer_and_no_error():
    paid = payments.request_payment(asked("tok_insufficient_funds"))

    assert (paid.approved, paid.status, paid.response_code) == (False, "Declined", "20051")


def test_a_challenge_is_accepted_with_the_page_where_the_shopper_is_asked():
    wanted = ThreeDsRequest()
    wanted.enabled = True
    back = {"success_url": "https://shop.example/thanks", "failure_url": "https://shop.example/again"}
    asked_for = payments.request_payment(asked("tok_challenge", three_ds=wanted, **back))

    page = asked_for._links.redirect.href
    answered = requests.post(page, {"result": "pass"}, allow_redirects=False, timeout=10)

    assert (asked_for.status, asked_for.http_metadata.status_code) == ("Pending", 202)
    assert answered.headers["Location"].startswith("https://shop.example/thanks?cko-session-id=sid_")
    assert payments.get_payment_details(asked_for.id).status == "Captured"


def test_a_card_that_wants_a_challenge_is_declined_where_none_is_asked_for():
    assert payments.request_payment(asked("tok_challenge")).status == "Declined"


def test_a_debit_of_a_source_waits_for_the_bank():
    source = IdSource()
    source.id = "src_ach"

    accepted = payments.request_payment(asked(source=source, currency="USD"))

    assert (accepted.status, accepted.http_metadata.status_code) == ("Pending", 202)
    assert payments.get_payment_details(accepted.id).source.type == "ach"


def test_a_missing_field_is_an_error_with_its_code():
    with pytest.raises(CheckoutApiException) as refused:
        payments.request_payment(asked(amount=None))

    assert refused.value.http_metadata.status_code == 422
    assert refused.value.error_details == ["amount_required"]


def test_a_wrong_key_and_an_unknown_payment_are_refused():
    with pytest.raises(CheckoutApiException) as stranger:
        api("sk_test_wrong").payments.request_payment(asked())
    with pytest.raises(CheckoutApiException) as unknown:
        payments.get_payment_details("pay_unheard")

    assert (stranger.value.http_metadata.status_code, unknown.value.http_metadata.status_code) == (401, 404)


def test_its_webhooks_are_signed_over_the_body():
    paid = payments.request_payment(asked())
    headers, text = inbox.told(
        lambda body: body["type"] == "payment_captured" and body["data"]["id"] == paid.id
    )
    secret = os.environ["CHECKOUT_WEBHOOK_SECRET"].encode()

    assert headers["Cko-Signature"] == hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
