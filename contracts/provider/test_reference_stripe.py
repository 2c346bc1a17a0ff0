"""What the reference integration needs of Stripe, told by the client that makes its calls."""

import pytest
from pact import Pact, match

from badgateway.reference.clock import Clock
from badgateway.reference.provider import CallFailed, Provider
from badgateway.reference.settings import Merchant, Settings
from badgateway.reference.states import State

KEY = "0123456789abcdef0123456789abcdef"
ACCOUNT = {"api_key": "sk_test_reference"}
BUDGET_MS = 5_000


def client_of(url):
    """Give the reference integration's own client, as its process makes it."""
    merchant = Merchant("main", ACCOUNT["api_key"], ())
    settings = Settings(merchant, api_base=url, database="", public_url="http://127.0.0.1:8000")
    return Provider(settings, Clock(seed=1), before_call=lambda: None)


def asked(interaction, method, path):
    """Describe what stands in the head of every request that moves money."""
    return (
        interaction.with_request(method, path)
        .with_header("Authorization", match.regex(f"Bearer {ACCOUNT['api_key']}", regex=r"Bearer sk_\w+"))
        .with_header("Idempotency-Key", match.regex(KEY, regex="[0-9a-f]{32}"))
    )


def payment(**more):
    """Give the fields of a payment intent that the client reads; money and status are held to the letter."""
    return {
        "id": match.regex("pi_1", regex=r"pi_\w+"),
        "object": "payment_intent",
        "amount": 4999,
        "currency": "eur",
        **more,
    }


METADATA = {"order": "order1", "attempt": "1"}


def charged(interaction, method, capture):
    """Describe the one request that makes and confirms a payment."""
    return asked(interaction.given("a merchant account", **ACCOUNT), "POST", "/v1/payment_intents").with_body(
        {
            "amount": match.regex("4999", regex=r"[1-9]\d*"),
            "currency": match.regex("eur", regex="[a-z]{3}"),
            "payment_method": method,
            "confirm": "true",
            "capture_method": capture,
            "return_url": match.regex(
                "http://127.0.0.1:8000/orders/order1/return", regex=r"https?://\S+/return"
            ),
            "metadata[order]": match.regex("order1", regex=r"[\w-]+"),
            "metadata[attempt]": match.regex("1", regex=r"\d+"),
        },
        "application/x-www-form-urlencoded",
    )


def pay(url, method, capture):
    """Let the client pay, with what the reference integration gives it."""
    wanted = {
        "amount": 4999,
        "currency": "eur",
        "payment_method": method,
        "confirm": True,
        "capture_method": capture,
        "return_url": "http://127.0.0.1:8000/orders/order1/return",
        "metadata": METADATA,
    }
    return client_of(url).perform("pay", wanted, KEY, BUDGET_MS)


@pytest.mark.parametrize(
    ("capture", "status", "received", "state"),
    [("automatic", "succeeded", 4999, State.SUCCEEDED), ("manual", "requires_capture", 0, State.AUTHORIZED)],
)
def test_create_and_charge_a_payment(promised, capture, status, received, state):
    """One request makes and confirms the payment; our references come back, so that it can be found again."""
    pact = Pact("reference", "stripe")
    method = match.regex("pm_card_visa", regex=r"pm_\w+")
    (
        charged(pact.upon_receiving(f"create and charge a payment, capture {capture}"), method, capture)
        .will_respond_with(200)
        .with_body(payment(status=status, amount_received=received, metadata=METADATA), "application/json")
    )

    with promised(pact) as url:
        seen = pay(url, "pm_card_visa", capture)

    assert (seen.state, seen.amount_minor, seen.captured_minor) == (state, 4999, received)
    assert (seen.order_reference, seen.attempt_n) == ("order1", 1)


def test_a_declined_card(promised):
    """A decline is told apart from every other failure, with its reason and the payment that was made."""
    pact = Pact("reference", "stripe")
    reason = {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"}
    failed = payment(status="requires_payment_method", amount_received=0, metadata=METADATA)
    declined = "pm_card_chargeDeclinedInsufficientFunds"
    (
        charged(pact.upon_receiving("charge a card without funds"), declined, "automatic")
        .will_respond_with(402)
        .with_body(
            {"error": {**reason, "payment_intent": {**failed, "last_payment_error": reason}}},
            "application/json",
        )
    )

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        pay(url, declined, "automatic")

    assert (failure.value.proves, failure.value.code) == ("declined", "insufficient_funds")
    assert (failure.value.payment.state, failure.value.payment.captured_minor) == (State.FAILED, 0)
    assert failure.value.payment.order_reference == "order1"


def test_capture_an_authorized_payment(promised):
    """The whole amount is captured; the answer says so, and is about the payment that was named."""
    held = {"id": "pi_authorized1", "amount_minor": 4999, "currency": "EUR"}
    pact = Pact("reference", "stripe")
    (
        asked(
            pact.upon_receiving("capture an authorized payment")
            .given("a merchant account", **ACCOUNT)
            .given("a payment is authorized", **held),
            "POST",
            f"/v1/payment_intents/{held['id']}/capture",
        )
        .with_body(
            {"amount_to_capture": match.regex("4999", regex=r"[1-9]\d*")}, "application/x-www-form-urlencoded"
        )
        .will_respond_with(200)
        .with_body(
            payment(id=held["id"], status="succeeded", amount_received=4999),
            "application/json",
        )
    )

    with promised(pact) as url:
        seen = client_of(url).perform(
            "capture", {"payment_id": held["id"], "amount_to_capture": 4999}, KEY, BUDGET_MS
        )

    assert (seen.provider_id, seen.state, seen.captured_minor) == (held["id"], State.SUCCEEDED, 4999)
