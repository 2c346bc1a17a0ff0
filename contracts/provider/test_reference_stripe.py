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


CAPTURED = {"id": "pi_captured1", "amount_minor": 4999, "currency": "EUR"}


def looked_up(interaction, path):
    """Describe what stands in the head of every look-up."""
    return interaction.with_request("GET", path).with_header(
        "Authorization", match.regex(f"Bearer {ACCOUNT['api_key']}", regex=r"Bearer sk_\w+")
    )


def refund(**more):
    """Give the fields of a refund that the client reads; money and status are held to the letter."""
    return {
        "id": match.regex("re_1", regex=r"re_\w+"),
        "object": "refund",
        "amount": 1000,
        "currency": "eur",
        "payment_intent": CAPTURED["id"],
        **more,
    }


def refunding(pact, description, amount):
    """Describe the request for a refund of part of a captured payment."""
    return asked(
        pact.upon_receiving(description)
        .given("a merchant account", **ACCOUNT)
        .given("a payment is captured", **CAPTURED),
        "POST",
        "/v1/refunds",
    ).with_body(
        {
            "payment_intent": CAPTURED["id"],
            "amount": amount,
            "metadata[order]": match.regex("order1", regex=r"[\w-]+"),
            "metadata[refund]": match.regex("r1", regex=r"[\w-]+"),
        },
        "application/x-www-form-urlencoded",
    )


def give_back(url, amount):
    """Let the client refund, with what the reference integration gives it."""
    wanted = {
        "payment_intent": CAPTURED["id"],
        "amount": amount,
        "metadata": {"order": "order1", "refund": "r1"},
    }
    return client_of(url).perform("refund", wanted, KEY, BUDGET_MS)


def test_refund_part_of_a_captured_payment(promised):
    """The refund says its amount, whose it is and how far it is; our reference comes back with it."""
    pact = Pact("reference", "stripe")
    (
        refunding(pact, "refund part of a captured payment", "1000")
        .will_respond_with(200)
        .with_body(
            refund(status="succeeded", metadata={"order": "order1", "refund": "r1"}), "application/json"
        )
    )

    with promised(pact) as url:
        seen = give_back(url, 1000)

    assert (seen.payment_id, seen.amount_minor, seen.state) == (CAPTURED["id"], 1000, "SUCCEEDED")
    assert seen.reference == "r1"


def test_a_refund_of_more_than_was_captured(promised):
    """It is refused for good: nothing moved, and trying again would not help."""
    pact = Pact("reference", "stripe")
    (
        refunding(pact, "refund more than was captured", "5000")
        .will_respond_with(400)
        .with_body({"error": {"type": "invalid_request_error"}}, "application/json")
    )

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        give_back(url, 5000)

    assert failure.value.proves == "refused"


def test_cancel_an_authorized_payment(promised):
    """The hold is let go, and nothing was captured."""
    held = {"id": "pi_authorized1", "amount_minor": 4999, "currency": "EUR"}
    pact = Pact("reference", "stripe")
    (
        asked(
            pact.upon_receiving("cancel an authorized payment")
            .given("a merchant account", **ACCOUNT)
            .given("a payment is authorized", **held),
            "POST",
            f"/v1/payment_intents/{held['id']}/cancel",
        )
        .will_respond_with(200)
        .with_body(payment(id=held["id"], status="canceled", amount_received=0), "application/json")
    )

    with promised(pact) as url:
        seen = client_of(url).perform("void", {"payment_id": held["id"]}, KEY, BUDGET_MS)

    assert (seen.provider_id, seen.state, seen.captured_minor) == (held["id"], State.CANCELLED, 0)


def test_look_a_payment_up_with_its_charge(promised):
    """One look tells what was captured, what went back and whether it is disputed."""
    pact = Pact("reference", "stripe")
    charge = {"object": "charge", "amount_refunded": 0, "disputed": False}
    (
        looked_up(
            pact.upon_receiving("look a captured payment up with its charge")
            .given("a merchant account", **ACCOUNT)
            .given("a payment is captured", **CAPTURED),
            f"/v1/payment_intents/{CAPTURED['id']}",
        )
        .with_query_parameter("expand[0]", "latest_charge")
        .will_respond_with(200)
        .with_body(
            payment(id=CAPTURED["id"], status="succeeded", amount_received=4999, latest_charge=charge),
            "application/json",
        )
    )

    with promised(pact) as url:
        seen = client_of(url).payment(CAPTURED["id"])

    assert (seen.state, seen.captured_minor, seen.refunded_minor) == (State.SUCCEEDED, 4999, 0)
    assert not seen.is_disputed


def test_list_the_refunds_of_a_payment(promised):
    """All of them are told, each with its amount and how far it is."""
    pact = Pact("reference", "stripe")
    (
        looked_up(
            pact.upon_receiving("list the refunds of a payment")
            .given("a merchant account", **ACCOUNT)
            .given("a payment is captured", **CAPTURED)
            .given("a payment is refunded", id="re_part1", payment_id=CAPTURED["id"], amount_minor=1000),
            "/v1/refunds",
        )
        .with_query_parameter("payment_intent", CAPTURED["id"])
        .with_query_parameter("limit", match.regex("100", regex=r"[1-9]\d*"))
        .will_respond_with(200)
        .with_body(
            {"object": "list", "has_more": False, "data": [refund(id="re_part1", status="succeeded")]},
            "application/json",
        )
    )

    with promised(pact) as url:
        (seen,) = client_of(url).refunds_of(CAPTURED["id"])

    assert (seen.provider_id, seen.amount_minor, seen.state) == ("re_part1", 1000, "SUCCEEDED")
