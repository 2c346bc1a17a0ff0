"""Intents and charges made from a blank are those that are written out field by field, byte by byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.providers.stripe.conftest import Account
from tests.providers.stripe.plainly import plain_charge, plain_intent

from badgateway.ground.records import changed
from badgateway.payments.charging import kept
from badgateway.payments.model import Attempt, Capture, Failure, Payment, Status
from badgateway.providers.stripe.charge_object import charge_object
from badgateway.providers.stripe.intent_object import payment_intent_object
from badgateway.providers.stripe.render import to_bytes
from badgateway.providers.stripe.shelf import Method, shelf

ADDRESS = {"line1": "1 Way", "city": "Köln"}
BILLING = [{}, {"name": "Jo"}, {"address": ADDRESS}, {"address": None, "phone": "1"}]
WISHES = [
    "request_incremental_authorization",
    "request_multicapture",
    "request_overcapture",
    "request_extended_authorization",
]
FAILURES = ["declined", "insufficient_funds", "fraudulent", "capture_failed", "authentication_required"]

texts = st.sampled_from([None, "", "shop", 'Überraschung "\n'])
amounts = st.integers(0, 100) | st.integers(0, 99_999_999)
failures = st.none() | st.builds(Failure, st.sampled_from(FAILURES), is_hard=st.booleans())
types = st.sampled_from(["card", "sepa_debit", "us_bank_account"])
methods = st.builds(
    Method,
    st.sampled_from(["pm_1", "pm_2"]),
    word=st.just("approved"),
    type=st.just("card") | types,
    brand=st.sampled_from(["visa", "mastercard", "jcb"]),
    funding=st.sampled_from(["credit", "debit"]),
    last4=st.just("4242"),
    created_s=st.just(5),
    fingerprint=st.just("f00d"),
    exp_month=st.integers(1, 12),
    exp_year=st.integers(2030, 2040),
    customer=st.none() | st.just("cus_1"),
    billing=st.sampled_from(BILLING),
    checks=st.sampled_from([(None, None, None), ("fail", "fail", None), (None, None, "fail")]),
    risk=st.sampled_from(["normal", "elevated", "highest"]),
)
answers = st.sampled_from(["if_available", "never"])
wishes = st.fixed_dictionaries({}, optional=dict.fromkeys(WISHES, answers))

details = st.fixed_dictionaries(
    {},
    optional={
        "amount_details": st.sampled_from([None, {}, {"tip": {"amount": 3}}]),
        "automatic_payment_methods": st.sampled_from([None, {"enabled": True}]),
        "capture_method": st.sampled_from([None, "automatic", "manual", "automatic_async"]),
        "client_secret": st.just("pi_1_secret_2"),
        "confirmation_method": st.sampled_from([None, "manual", "automatic"]),
        "customer": st.sampled_from([None, "cus_1"]),
        "description": texts,
        "fresh_method": st.sampled_from(["pm_1", "pm_2"]),
        "is_off_session": st.booleans(),
        "metadata": st.none() | st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1"])),
        "payment_method_options": st.sampled_from([None, {}, {"link": {}}, {"card": None}])
        | st.fixed_dictionaries({"card": wishes}),
        "payment_method_types": st.none() | st.lists(types, max_size=2, unique=True),
        "receipt_email": texts,
        "return_url": st.sampled_from([None, "https://shop.example/back"]),
        "setup_future_usage": st.sampled_from([None, "off_session"]),
        "shipping": st.sampled_from([None, {"name": "Jo", "address": {"line1": "1 Way"}}]),
        "statement_descriptor": texts,
        "statement_descriptor_suffix": texts,
        "transfer_group": texts,
    },
).map(kept)
method_ids = st.sampled_from([None, "pm_1", "pm_2", "pm_unknown"])
attempts = st.builds(
    Attempt,
    st.sampled_from(["one", "two"]),
    amounts,
    st.sampled_from(["pending", "authorized", "captured", "failed", "released"]),
    captured_minor=st.just(0) | amounts,
    refunded_minor=st.just(0) | amounts,
    failure=failures,
    method=method_ids,
    created_ms=st.integers(0, 10**13),
)
payments = st.builds(
    Payment,
    st.just("pi_1"),
    amounts,
    st.sampled_from(["EUR", "JPY", "ISK", "MGA", "KWD"]),
    capture=st.sampled_from(Capture),
    status=st.sampled_from(Status),
    method=method_ids,
    held_minor=amounts,
    captured_minor=amounts,
    attempts=st.lists(attempts, max_size=2).map(tuple),
    failure=failures,
    is_disputed=st.booleans(),
    created_ms=st.integers(0, 10**13),
    held_until_ms=st.sampled_from([None, 0, 1_700_000_000_000]),
    details=details,
)


@pytest.fixture(scope="module")
def an_account():
    """Give one account for all examples; of its shelf they change what they name only."""
    return Account()


@settings(max_examples=200, deadline=None)
@given(payments, methods, st.sampled_from([None, "duplicate"]), st.sampled_from([None, 7]))
def test_what_is_made_from_a_blank_is_what_is_written_out(an_account, payment, method, why, ended_s):
    """Fields, their order and their bytes are the same, whatever was given."""
    known = shelf(an_account)
    known.methods[method.id], known.ended_s = method, {payment.id: ended_s} if ended_s else {}
    if payment.status is Status.VOIDED:
        payment = changed(payment, void_reason=why)

    intent = payment_intent_object(payment, an_account)
    charges = [charge_object(one, payment, an_account) for one in payment.attempts]

    assert to_bytes(plain_intent(payment, an_account)) == to_bytes(intent)
    for attempt, charge in zip(payment.attempts, charges, strict=True):
        assert to_bytes(plain_charge(attempt, payment, an_account)) == to_bytes(charge)
