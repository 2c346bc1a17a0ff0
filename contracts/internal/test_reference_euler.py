"""What the reference integration needs of Euler to take and give back money, told by its own client."""

import pytest
from contracts.asking import BUDGET_MS, KEY, RETURN_URL, pay
from pact import Pact, match

from badgateway.reference.euler.provider import Handle
from badgateway.reference.provider import CallFailed
from badgateway.reference.states import State

FORM = "application/x-www-form-urlencoded"
MONEY = {"amount_minor": 4999, "currency": "EUR"}
# At Euler each attempt to pay an order of ours is an order of its own.
NEW = "order1A1"


def charged(shop, pact, description, capture, token):
    """Describe the one request that makes an order and has it paid."""
    return shop.asked(
        pact.upon_receiving(description).given("a merchant account", **shop.account), "POST", "/txns", NEW
    ).with_body(
        {
            "order.order_id": NEW,
            "order.amount": match.regex("49.99", regex=r"\d+[.]\d\d"),
            "order.currency": match.regex("EUR", regex="[A-Z]{3}"),
            "order.customer_id": match.regex(NEW, regex=r"\w+"),
            "order.return_url": match.regex(RETURN_URL, regex=r"https?://\S+/return"),
            "order.udf1": match.regex("order1", regex=r"[\w-]+"),
            "order.udf2": match.regex("1", regex=r"\d+"),
            "order.metadata.txns.auto_capture": "false" if capture == "manual" else "true",
            "merchant_id": match.regex(shop.merchant_id, regex=r"[\w-]+"),
            "payment_method_type": "CARD",
            "card_token": match.regex(token, regex=r"tkn_\w+"),
            "redirect_after_payment": "true",
            "format": "json",
        },
        FORM,
    )


def transaction(word, **more):
    """Give the fields of a charge's answer that the client reads; money and status are held to the letter."""
    detail = {"net_amount": 49.99, "currency": "EUR", **more.pop("txn_detail", {})}
    return {
        "order_id": NEW,
        "txn_uuid": match.regex("eul1zorder1A1", regex=r"[A-Za-z0-9_-]{1,64}"),
        "status": word,
        "txn_detail": detail,
        **more,
    }


@pytest.mark.parametrize(
    ("capture", "word", "state", "captured"),
    [("automatic", "CHARGED", State.SUCCEEDED, 4999), ("manual", "AUTHORIZED", State.AUTHORIZED, 0)],
)
def test_make_an_order_and_charge_it(promised, shop, capture, word, state, captured):
    """One request makes the order and its first transaction, and tells what was taken or held."""
    pact = Pact("reference", "euler")
    (
        charged(shop, pact, f"make an order and charge it, capture {capture}", capture, "tkn_approved")
        .will_respond_with(200)
        .with_body(transaction(word), "application/json")
    )

    with promised(pact) as url:
        seen = pay(shop.client(url), "tkn_approved", capture)

    assert (seen.provider_id, seen.state, seen.amount_minor) == (NEW, state, 4999)
    assert seen.captured_minor == captured


def test_a_card_without_funds(promised, shop):
    """A decline is an answer, with the issuer's reason, and told apart from every failure."""
    pact = Pact("reference", "euler")
    token = "tkn_insufficient_funds"
    (
        charged(shop, pact, "charge a card without funds", "automatic", token)
        .will_respond_with(200)
        .with_body(
            transaction("AUTHORIZATION_FAILED", txn_detail={"error_code": match.str("51")}),
            "application/json",
        )
    )

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        pay(shop.client(url), token)

    assert (failure.value.proves, failure.value.code) == ("declined", "51")
    assert (failure.value.payment.state, failure.value.payment.captured_minor) == (State.FAILED, 0)


def test_a_card_whose_bank_asks(promised, shop):
    """The answer says where the shopper has to go on."""
    pact = Pact("reference", "euler")
    token, page = "tkn_authentication_required", "http://127.0.0.1:4242/euler/v2/pay/start/abc"
    question = {"authentication": {"url": match.regex(page, regex=r"https?://\S+")}}
    (
        charged(shop, pact, "charge a card whose bank asks the shopper", "automatic", token)
        .will_respond_with(200)
        .with_body(transaction("PENDING_VBV", payment=question), "application/json")
    )

    with promised(pact) as url:
        seen = pay(shop.client(url), token)

    assert (seen.state, seen.redirect_url, seen.captured_minor) == (State.ACTION, page, 0)


def test_an_order_that_an_earlier_try_has_made(promised, shop):
    """It is never made twice: the second request is refused, and a look says what the first one came to."""
    pact = Pact("reference", "euler")
    there = {"id": NEW, "order": "order1", **MONEY}
    (
        charged(shop, pact, "make an order that is there", "automatic", "tkn_approved")
        .given("a payment is captured", **there)
        .will_respond_with(400)
        .with_body({"status": "ERROR", "error_code": "duplicate.order_id"}, "application/json")
    )
    shop.look(pact, "look at an order that was made before", NEW, ("a payment is captured", there))

    with promised(pact, calls=2) as url:
        seen = pay(shop.client(url), "tkn_approved")

    assert (seen.state, seen.captured_minor, seen.order_reference) == (State.SUCCEEDED, 4999, "order1")


def held(order_id):
    """Give the state of an order whose money is held, by a name of its own."""
    return "a payment is authorized", {"id": order_id, "order": "order1", **MONEY}


def knowing(client, order_id):
    """Let a client know an order's transaction, as it does after a charge: that is another interaction."""
    client._handles[order_id] = Handle(f"eul1z{order_id}", "EUR")  # noqa: SLF001 - as the docstring says
    return client


def changed(shop, pact, description, order_id, kind, *states):
    """Describe the request that takes or releases what is held."""
    asked = shop.given(pact, description, *states)
    return shop.asked(asked, "POST", f"/v2/txns/eul1z{order_id}/{kind}", order_id)


CAPTURE = {
    "amount": match.regex("49.99", regex=r"\d+[.]\d\d"),
    "idempotence_key": match.regex(KEY, regex="[0-9a-f]{32}"),
}


def test_capture_what_is_held(promised, shop):
    """It is taken, and the look afterwards says how much."""
    pact = Pact("reference", "euler")
    taken = ("a hold is captured", {"payment_id": "held1A1", "amount_minor": 4999})
    (
        changed(shop, pact, "capture what is held", "held1A1", "capture", held("held1A1"))
        .with_body(CAPTURE, FORM)
        .will_respond_with(200)
        .with_body({"order_id": "held1A1"}, "application/json")
    )
    shop.look(pact, "look at an order that was captured", "held1A1", held("held1A1"), taken)

    with promised(pact, calls=2) as url:
        client = knowing(shop.client(url), "held1A1")
        seen = client.perform("capture", {"payment_id": "held1A1", "amount_to_capture": 4999}, KEY, BUDGET_MS)

    assert (seen.provider_id, seen.state, seen.captured_minor) == ("held1A1", State.SUCCEEDED, 4999)


def test_capture_what_was_let_go(promised, shop):
    """It is refused, and a look says why: nothing is held any more."""
    pact = Pact("reference", "euler")
    gone = ("a hold is let go", {"payment_id": "gone1A1"})
    (
        changed(shop, pact, "capture what was let go", "gone1A1", "capture", held("gone1A1"), gone)
        .with_body(CAPTURE, FORM)
        .will_respond_with(400)
        .with_body({"error_code": "invalid.txn.state"}, "application/json")
    )
    shop.look(pact, "look at an order that was let go", "gone1A1", held("gone1A1"), gone, word="VOIDED")

    with promised(pact, calls=2) as url:
        client = knowing(shop.client(url), "gone1A1")
        with pytest.raises(CallFailed) as failure:
            client.perform("capture", {"payment_id": "gone1A1", "amount_to_capture": 4999}, KEY, BUDGET_MS)

    assert (failure.value.proves, failure.value.code) == ("refused", "invalid.txn.state")


def test_void_what_is_held(promised, shop):
    """It is released, and the look afterwards says so."""
    pact = Pact("reference", "euler")
    gone = ("a hold is let go", {"payment_id": "idle1A1"})
    (
        changed(shop, pact, "void what is held", "idle1A1", "void", held("idle1A1"))
        .will_respond_with(200)
        .with_body({"order_id": "idle1A1"}, "application/json")
    )
    shop.look(pact, "look at an order that was voided", "idle1A1", held("idle1A1"), gone, word="VOIDED")

    with promised(pact, calls=2) as url:
        client = knowing(shop.client(url), "idle1A1")
        seen = client.perform("void", {"payment_id": "idle1A1"}, KEY, BUDGET_MS)

    assert (seen.state, seen.captured_minor) == (State.CANCELLED, 0)


PAID = ("a payment is captured", {"id": "paid1A1", "order": "order1", **MONEY})
BACK = ("a payment is refunded", {"id": "back1", "payment_id": "paid1A1", "amount_minor": 1000})
TAKEN_BACK = ("a payment is disputed", {"id": "chb1", "payment_id": "paid1A1", "amount_minor": 4999})


def refunding(shop, pact, description, request_id, amount, *states):
    """Describe the request for a refund; its unique_request_id counts once."""
    asked = shop.given(pact, description, *states)
    return shop.asked(asked, "POST", "/orders/paid1A1/refunds", "paid1A1").with_body(
        {"unique_request_id": match.regex(request_id, regex=r"[A-Za-z0-9_-]{1,21}"), "amount": amount}, FORM
    )


def give_back(client, reference, amount):
    """Let the client refund, with what the reference integration gives it."""
    metadata = {"order": "order1", "refund": reference}
    wanted = {"payment_intent": "paid1A1", "amount": amount, "metadata": metadata}
    return knowing(client, "paid1A1").perform("refund", wanted, KEY, BUDGET_MS)


def test_refund_a_part(promised, shop):
    """The refund is taken in under the id that we gave it; how it ends is told later."""
    pact = Pact("reference", "euler")
    refund = {"id": match.str("rfd1"), "unique_request_id": "part1", "amount": 10, "status": "PENDING"}
    (
        refunding(shop, pact, "refund a part of an order", "part1", "10.00", PAID)
        .will_respond_with(200)
        .with_body({"order_id": "paid1A1", "currency": "EUR", "refunds": [refund]}, "application/json")
    )

    with promised(pact) as url:
        seen = give_back(shop.client(url), "part1", 1000)

    assert (seen.payment_id, seen.reference) == ("paid1A1", "part1")
    assert (seen.amount_minor, seen.state) == (1000, "PENDING")


def test_a_refund_that_an_earlier_try_has_made(promised, shop):
    """It is never made twice: the second request is refused, and a look shows the first one's refund."""
    pact = Pact("reference", "euler")
    (
        refunding(shop, pact, "refund what was refunded before", "back1", "10.00", PAID, BACK)
        .will_respond_with(400)
        .with_body({"error_code": "duplicate.call"}, "application/json")
    )
    refund = {"id": "back1", "unique_request_id": "back1", "amount": 10, "status": "SUCCESS"}
    shop.look(
        pact,
        "look at an order that was refunded",
        "paid1A1",
        PAID,
        BACK,
        amount_refunded=10,
        refunds=[refund],
    )

    with promised(pact, calls=2) as url:
        seen = give_back(shop.client(url), "back1", 1000)

    assert (seen.provider_id, seen.amount_minor, seen.state) == ("back1", 1000, "SUCCEEDED")


@pytest.mark.parametrize(
    ("description", "amount", "states", "code"),
    [
        ("refund more than was paid", 5000, (PAID,), "invalid.amount.exceeded"),
        (
            "refund what was never paid",
            1000,
            (("a payment is declined", PAID[1]),),
            "invalid.order.not_successful",
        ),
    ],
)
def test_a_refund_that_cannot_be(promised, shop, description, amount, states, code):
    """It is refused for good: nothing moved, and trying again would not help."""
    pact = Pact("reference", "euler")
    (
        refunding(shop, pact, description, "part1", f"{amount // 100}.00", *states)
        .will_respond_with(400)
        .with_body({"error_code": code}, "application/json")
    )

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        give_back(shop.client(url), "part1", amount)

    assert (failure.value.proves, failure.value.code) == ("refused", code)


def test_look_at_an_order_whose_money_the_bank_took_back(promised, shop):
    """The chargeback is told with its amount, and whether it is decided."""
    pact = Pact("reference", "euler")
    chargeback = {"id": "chb1", "amount": 49.99, "dispute_status": "CHARGEBACK_RECEIVED"}
    shop.look(
        pact,
        "look at a disputed order",
        "paid1A1",
        PAID,
        TAKEN_BACK,
        chargebacks=[chargeback],
        refunds=[],
    )

    with promised(pact) as url:
        (seen,) = shop.client(url).disputes_of("paid1A1")

    assert (seen.provider_id, seen.amount_minor, seen.state) == ("chb1", 4999, "OPEN")


def test_look_at_an_order_that_nobody_made(promised, shop):
    """That it is not there is certain: its attempt may be made."""
    pact = Pact("reference", "euler")
    (
        shop.asked(
            pact.upon_receiving("look at an order that is not there").given(
                "a merchant account", **shop.account
            ),
            "GET",
            "/orders/lost1A1",
            "lost1A1",
        )
        .will_respond_with(404)
        .with_body({"status": "NOT_FOUND", "error_code": "not_found"}, "application/json")
    )

    with promised(pact) as url:
        found = shop.client(url).attempt_of("lost1", 1, 0, BUDGET_MS, None)

    assert found == ([], True)


def test_a_key_that_nobody_has(promised, shop):
    """Nothing is told to whoever is not the merchant, and nothing was done."""
    pact = Pact("reference", "euler")
    (
        shop.asked(
            pact.upon_receiving("look with a key that nobody has")
            .given("a merchant account", **shop.account)
            .given(*PAID[:1], **PAID[1]),
            "GET",
            "/orders/paid1A1",
            "paid1A1",
            api_key="sk_test_stranger",
        )
        .will_respond_with(401)
        .with_body({"error_code": "access_denied"}, "application/json")
    )

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        shop.client(url, "sk_test_stranger").payment("paid1A1")

    assert (failure.value.proves, failure.value.code) == ("refused", "access_denied")


def test_ask_whether_euler_is_there(promised, shop):
    """The list of payment methods moves nothing, so it can be asked for at any time."""
    pact = Pact("reference", "euler")
    (
        shop.asked(
            pact.upon_receiving("ask for the payment methods").given("a merchant account", **shop.account),
            "GET",
            f"/merchants/{shop.merchant_id}/paymentmethods",
        )
        .will_respond_with(200)
        .with_body({"merchant_id": shop.merchant_id}, "application/json")
    )

    with promised(pact) as url:
        client = shop.client(url)
        client.probe()

    assert not client.is_doubtful
