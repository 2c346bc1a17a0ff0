"""What the reference integration needs of Adyen, told by the client that makes its calls."""

import pytest
from contracts.asking import BUDGET_MS, KEY, RETURN_URL, client_of, pay
from pact import Pact, match

from badgateway.providers import DIALECTS
from badgateway.reference.adyen.mirror import Fact, Mirror
from badgateway.reference.adyen.provider import AdyenProvider
from badgateway.reference.provider import CallFailed
from badgateway.reference.states import State
from badgateway.reference.store import Store

API_KEY, WRONG_KEY = "sk_test_reference", "sk_test_of_nobody"
# Adyen gives each key's owner a name; a request for another one's account is refused.
ACCOUNT = DIALECTS["adyen"].settings("", API_KEY, "")["merchant_account"]
REFERENCE = "order1.1"  # an order of ours and which attempt to pay it
PSP = r"[A-Z0-9]{16}"
HELD, TAKEN, NOBODYS = "HELD000000000001", "TAKEN00000000001", "NOBODY0000000001"
MADE = "MADE000000000001"  # of what a request asks for
MONEY = {"amount_minor": 4999, "currency": "EUR"}
EUROS = {"currency": "EUR", "value": 4999}
IS_HELD = ("a payment is authorized", {"id": HELD, "order": REFERENCE, **MONEY})
IS_TAKEN = ("a payment is captured", {"id": TAKEN, "order": REFERENCE, **MONEY})


class Shop:
    """The reference integration as far as it speaks with Adyen, and what it was told before."""

    def __init__(self, folder):
        self.store = Store(str(folder / "books.sqlite"))
        self.mirror = Mirror(self.store, "main")

    def client(self, url, api_key=API_KEY, account=ACCOUNT):
        """Give its own client, as its process makes it."""
        return client_of(AdyenProvider, url, self.store, api_key, account)

    def hears(self, code, psp, payment_psp, *, is_success=True, detail=""):
        """Take in what a notification tells."""
        money = MONEY["amount_minor"], MONEY["currency"]
        self.mirror.keep(Fact(code, psp, payment_psp, REFERENCE, is_success, *money, detail))


@pytest.fixture
def shop(tmp_path):
    """Give the reference integration as far as it speaks with Adyen."""
    made = Shop(tmp_path)
    yield made
    made.store.close()


def asked(pact, description, path, *states, api_key=API_KEY, key=KEY):
    """Describe what every request has at its head, in the states in which it is made."""
    interaction = pact.upon_receiving(description).given("a merchant account", api_key=API_KEY)
    for state, params in states:
        interaction = interaction.given(state, **params)
    interaction = interaction.with_request("POST", f"/v71{path}").with_header(
        "X-API-Key", match.regex(api_key, regex=r"sk_\w+")
    )
    if key is None:
        return interaction
    return interaction.with_header("Idempotency-Key", match.regex(key, regex="[0-9a-f]{32}"))


def with_json(interaction, *, account=ACCOUNT, **body):
    """Describe a request's body, which always names the merchant account."""
    named = {"merchantAccount": match.regex(account, regex=r"\w+"), **body}
    return interaction.with_body(named, "application/json")


def money(value=4999):
    """Give an amount as a request has it: of its kind, since it depends on what is sold."""
    return {"currency": match.regex("EUR", regex="[A-Z]{3}"), "value": match.int(value, min=1)}


def refused(interaction, status, code):
    """Describe an error; its code proves that it comes from Adyen, and not from something in between."""
    interaction.will_respond_with(status).with_body({"errorCode": code}, "application/json")


# Payments


def charged(pact, description, token, capture="automatic", api_key=API_KEY, account=ACCOUNT):
    """Describe the one request that charges a stored card."""
    return with_json(
        asked(pact, description, "/payments", api_key=api_key),
        account=account,
        amount=money(),
        reference=match.regex(REFERENCE, regex=r"[\w-]+\.\d+"),
        merchantOrderReference=match.regex("order1", regex=r"[\w-]+"),
        returnUrl=match.regex(RETURN_URL, regex=r"https?://\S+/return"),
        paymentMethod={"type": "scheme", "storedPaymentMethodId": match.regex(token, regex=r"\w+")},
        shopperReference=match.regex("order1", regex=r"[\w-]+"),
        shopperInteraction="Ecommerce",
        recurringProcessingModel="CardOnFile",
        additionalData={"manualCapture": "true" if capture == "manual" else "false"},
    )


@pytest.mark.parametrize(
    ("capture", "state", "captured"),
    [("automatic", State.SUCCEEDED, 4999), ("manual", State.AUTHORIZED, 0)],
)
def test_charge_a_stored_card(promised, shop, capture, state, captured):
    """The answer says that it is authorised, for how much, and the reference by which it is known."""
    pact = Pact("reference", "adyen")
    (
        charged(pact, f"charge a stored card, capture {capture}", "TESTAPPROVED", capture)
        .will_respond_with(200)
        .with_body(
            {"pspReference": match.regex(MADE, regex=PSP), "resultCode": "Authorised", "amount": EUROS},
            "application/json",
        )
    )

    with promised(pact) as url:
        seen = pay(shop.client(url), "TESTAPPROVED", capture)

    assert (seen.provider_id, seen.state, seen.amount_minor) == (MADE, state, 4999)
    assert (seen.captured_minor, seen.order_reference, seen.attempt_n) == (captured, "order1", 1)


def test_a_card_without_funds(promised, shop):
    """A refusal is an answer, with its reason, and told apart from every failure."""
    pact = Pact("reference", "adyen")
    answer = {
        "pspReference": match.regex(MADE, regex=PSP),
        "resultCode": "Refused",
        "refusalReason": "Not enough balance",
    }
    (
        charged(pact, "charge a card without funds", "TESTINSUFFICIENTFUNDS")
        .will_respond_with(200)
        .with_body(answer, "application/json")
    )

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        pay(shop.client(url), "TESTINSUFFICIENTFUNDS")

    assert (failure.value.proves, failure.value.code) == ("declined", "Not enough balance")
    assert (failure.value.payment.state, failure.value.payment.captured_minor) == (State.FAILED, 0)


def test_a_method_that_takes_its_time(promised, shop):
    """It is received, and nothing is paid yet; a notification will tell."""
    pact = Pact("reference", "adyen")
    (
        charged(pact, "charge a method that takes its time", "TESTPENDINGTHENSUCCEEDS")
        .will_respond_with(200)
        .with_body(
            {"pspReference": match.regex(MADE, regex=PSP), "resultCode": "Received", "amount": EUROS},
            "application/json",
        )
    )

    with promised(pact) as url:
        seen = pay(shop.client(url), "TESTPENDINGTHENSUCCEEDS")

    assert (seen.state, seen.captured_minor) == (State.PROCESSING, 0)


def test_a_stored_card_that_nobody_has(promised, shop):
    """It is refused for good: nothing was charged, and trying again would not help."""
    pact = Pact("reference", "adyen")
    refused(charged(pact, "charge a stored card that nobody has", "GONE000000000001"), 422, "803")

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        pay(shop.client(url), "GONE000000000001")

    assert (failure.value.proves, failure.value.code, failure.value.may_retry) == ("refused", "803", False)


@pytest.mark.parametrize(
    ("what", "changed", "status", "code"),
    [
        ("with a key that nobody has", {"api_key": WRONG_KEY}, 401, "000"),
        ("for the account of somebody else", {"account": "SomebodyElseECOM"}, 403, "901"),
    ],
)
def test_a_credential_that_does_not_fit(promised, shop, what, changed, status, code):
    """It is refused, which proves that nothing was charged."""
    pact = Pact("reference", "adyen")
    refused(charged(pact, f"charge a stored card {what}", "TESTAPPROVED", **changed), status, code)

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        pay(shop.client(url, **changed), "TESTAPPROVED")

    assert (failure.value.proves, failure.value.code, failure.value.may_retry) == ("refused", code, False)


# What is done to a payment: it is received at once, and a notification tells what came of it.

REFUND = {"amount": 1000, "metadata": {"order": "order1", "refund": "r1"}}
MODIFICATIONS = {
    "capture": ("capture", {"amount_to_capture": 4999}, "captures", {"amount": money()}, IS_HELD),
    "cancel": ("void", {}, "cancels", {}, IS_HELD),
    "refund": ("refund", REFUND, "refunds", {"amount": money(1000)}, IS_TAKEN),
}


def modified(pact, description, kind, psp, *states, api_key=API_KEY):
    """Describe a modification of a payment, which names the payment's own reference."""
    _, _, path, body, _ = MODIFICATIONS[kind]
    return with_json(
        asked(pact, description, f"/payments/{psp}/{path}", *states, api_key=api_key),
        reference=match.regex(REFERENCE, regex=r"[\w-]+\.\d+"),
        **body,
    )


def modify(client, kind, psp):
    """Let the client ask for it, with what the reference integration gives it."""
    word, params, *_ = MODIFICATIONS[kind]
    return client.perform(word, {"payment_id": psp, "payment_intent": psp, **params}, KEY, BUDGET_MS)


@pytest.mark.parametrize(
    ("kind", "code", "state", "captured"),
    [("capture", "CAPTURE", State.SUCCEEDED, 4999), ("cancel", "CANCELLATION", State.CANCELLED, 0)],
)
def test_take_or_let_go_what_is_held(promised, shop, kind, code, state, captured):
    """The answer proves nothing but that it was received; its reference is the one that is told of later."""
    pact = Pact("reference", "adyen")
    shop.hears("ASKED", "", "", detail="manual")
    shop.hears("AUTHORISATION", HELD, HELD)
    (
        modified(pact, f"{kind} what is held", kind, HELD, IS_HELD)
        .will_respond_with(201)
        .with_body({"pspReference": match.regex(MADE, regex=PSP)}, "application/json")
    )

    with promised(pact) as url:
        client = shop.client(url)
        with pytest.raises(CallFailed) as received:
            modify(client, kind, HELD)
        before = client.payment(HELD).state
        shop.hears(code, MADE, HELD)
        after = modify(client, kind, HELD)

    assert (received.value.proves, received.value.code) == ("nothing", "received")
    assert (before, after.state, after.captured_minor) == (State.AUTHORIZED, state, captured)


def test_refund_part_of_what_was_taken(promised, shop):
    """It has a reference of its own, and is on its way until it is told of."""
    pact = Pact("reference", "adyen")
    shop.hears("AUTHORISATION", TAKEN, TAKEN)
    (
        modified(pact, "refund part of what was taken", "refund", TAKEN, IS_TAKEN)
        .will_respond_with(201)
        .with_body({"pspReference": match.regex(MADE, regex=PSP)}, "application/json")
    )

    with promised(pact) as url:
        client = shop.client(url)
        seen = modify(client, "refund", TAKEN)
        shop.hears("REFUND", MADE, TAKEN)

    assert (seen.provider_id, seen.payment_id, seen.amount_minor) == (MADE, TAKEN, 1000)
    assert (seen.state, seen.reference) == ("PENDING", "r1")
    assert client.refund(MADE).state == "SUCCEEDED"


@pytest.mark.parametrize("kind", MODIFICATIONS)
def test_a_payment_that_the_account_does_not_have(promised, shop, kind):
    """It is refused at once, and nothing will be told of it."""
    pact = Pact("reference", "adyen")
    shop.hears("AUTHORISATION", NOBODYS, NOBODYS)
    refused(modified(pact, f"{kind} a payment that is not there", kind, NOBODYS), 422, "167")

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        modify(shop.client(url), kind, NOBODYS)

    assert (failure.value.proves, failure.value.code, failure.value.may_retry) == ("refused", "167", False)


@pytest.mark.parametrize("kind", MODIFICATIONS)
def test_a_modification_with_a_key_that_nobody_has(promised, shop, kind):
    """It is refused, whatever it asks for."""
    *_, is_there = MODIFICATIONS[kind]
    psp = is_there[1]["id"]
    pact = Pact("reference", "adyen")
    shop.hears("AUTHORISATION", psp, psp)
    described = modified(pact, f"{kind} with a key that nobody has", kind, psp, is_there, api_key=WRONG_KEY)
    refused(described, 401, "000")

    with promised(pact) as url, pytest.raises(CallFailed) as failure:
        modify(shop.client(url, api_key=WRONG_KEY), kind, psp)

    assert (failure.value.proves, failure.value.code) == ("refused", "000")


def test_find_out_whether_it_is_there(promised, shop):
    """Any answer to a harmless question will do."""
    pact = Pact("reference", "adyen")
    (
        with_json(asked(pact, "ask whether it is there", "/paymentMethods", key=None))
        .will_respond_with(200)
        .with_body({"paymentMethods": match.each_like({"type": match.str("scheme")})}, "application/json")
    )

    with promised(pact) as url:
        assert shop.client(url).probe() is None
