"""What a merchant's checkout needs of the integration, told by the client that makes its calls."""

import pytest
from pact import Pact, match

REFERENCE = "order1"
REDIRECT = "https://provider.test/3ds"


def asked(pact, description, method, path="", states=(), **params):
    """Describe the head of a request about an order, which a state has made under a reference of its own."""
    interaction = pact.upon_receiving(description)
    for state in states:
        interaction = interaction.given(state, **params)
    interaction = interaction.with_request(method, f"/orders/{REFERENCE}{path}")
    return interaction.with_generators(
        {"path": {"type": "ProviderState", "expression": f"/orders/${{order}}{path}"}}
    )


def order(status, *, paid=0, refunded=0, amount=4999, redirect=None):
    """Give the fields of an order that the checkout reads; money and status are held to the letter."""
    return {
        "reference": match.regex(REFERENCE, regex=r"[\w-]+"),
        "status": status,
        "amount_minor": amount,
        "paid_minor": paid,
        "refunded_minor": refunded,
        "currency": "EUR",
        "redirect_url": redirect,
    }


def answered(interaction, status, body):
    """Describe the answer."""
    interaction.will_respond_with(status).with_body(body, "application/json")


def refusal(code):
    """Give the answer to what cannot be done; its sentence is for people."""
    return {"error": {"code": code, "message": match.str("a sentence")}}


def new_order(pact, description, capture="automatic", amount="49.99"):
    """Describe the request that opens an order, under a reference that no story has."""
    unused = {"type": "ProviderState", "expression": "${unused}", "dataType": "STRING"}
    return (
        pact.upon_receiving(description)
        .given("a reference that no order has")
        .with_request("POST", "/orders")
        .with_body(
            {
                "reference": match.regex(REFERENCE, regex=r"[\w-]{1,64}"),
                "amount": amount,
                "currency": "EUR",
                "capture": capture,
                "shopper": {"name": match.str("Ada Byron"), "email": match.str("ada@example.test")},
            },
            "application/json",
        )
        .with_generators({"body": {"$.reference": unused}})
    )


def test_open_an_order(promised, checkout):
    """It is open, unpaid, and about the amount that was asked for."""
    pact = Pact("checkout", "reference")
    answered(new_order(pact, "open an order"), 201, order("UNPAID"))

    with promised(pact) as url:
        seen = checkout(url).open(REFERENCE, "49.99", "EUR")

    assert (seen.status, seen.amount_minor, seen.paid_minor) == ("UNPAID", 4999, 0)


def test_an_amount_that_is_none(promised, checkout, refused):
    """It is refused with a word that a program can read."""
    pact = Pact("checkout", "reference")
    answered(new_order(pact, "open an order without an amount", amount="much"), 400, refusal("bad_request"))

    with promised(pact) as url, pytest.raises(refused) as why:
        checkout(url).open(REFERENCE, "much", "EUR")

    assert (why.value.status, why.value.code) == (400, "bad_request")


def test_an_amount_that_the_currency_does_not_know(promised, checkout, refused):
    """It can be read, and is refused all the same."""
    pact = Pact("checkout", "reference")
    description = "open an order with a fraction of a cent"
    answered(new_order(pact, description, amount="1.234"), 422, refusal("bad_amount"))

    with promised(pact) as url, pytest.raises(refused) as why:
        checkout(url).open(REFERENCE, "1.234", "EUR")

    assert (why.value.status, why.value.code) == (422, "bad_amount")


def paying(pact, description, method, state):
    """Describe the request that pays an order."""
    interaction = asked(pact, description, "POST", "/pay", [state])
    return interaction.with_body({"payment_method": method}, "application/json")


def test_pay_an_order(promised, checkout):
    """The whole amount is paid, and nothing is left for the shopper to do."""
    pact = Pact("checkout", "reference")
    method = match.regex("pm_card_visa", regex=r"pm_\w+")
    amount = match.int(4999)
    paid = {**order("PAID"), "amount_minor": amount, "paid_minor": amount, "currency": match.str("EUR")}
    answered(paying(pact, "pay a new order", method, "an order is new"), 200, paid)

    with promised(pact) as url:
        seen = checkout(url).pay(REFERENCE, "pm_card_visa")

    assert (seen.status, seen.paid_minor, seen.redirect_url) == ("PAID", 4999, None)


def test_pay_an_order_after_a_decline(promised, checkout):
    """Another card pays the same order, once."""
    pact = Pact("checkout", "reference")
    description = "pay an order whose first card was declined"
    method = match.regex("pm_card_visa", regex=r"pm_\w+")
    answered(paying(pact, description, method, "an order was declined"), 200, order("PAID", paid=4999))

    with promised(pact) as url:
        seen = checkout(url).pay(REFERENCE, "pm_card_visa")

    assert (seen.status, seen.paid_minor) == ("PAID", 4999)


def test_pay_with_a_card_that_is_declined(promised, checkout):
    """The answer is the order, unpaid, which another card may pay."""
    pact = Pact("checkout", "reference")
    card = "pm_card_chargeDeclined"
    description = "pay an order with a card that is declined"
    answered(paying(pact, description, card, "an order was declined"), 402, order("FAILED"))

    with promised(pact) as url:
        seen = checkout(url).pay(REFERENCE, card)

    assert (seen.status, seen.paid_minor) == ("FAILED", 0)


def test_pay_with_a_card_whose_bank_wants_to_ask(promised, checkout):
    """Nothing is known yet, and the checkout is told where to send the shopper."""
    pact = Pact("checkout", "reference")
    card = "pm_card_authenticationRequired"
    description = "pay an order with a card whose bank wants to ask"
    body = order("PENDING", redirect=match.regex(REDIRECT, regex=r"https?://\S+"))
    answered(paying(pact, description, card, "an order was declined"), 202, body)

    with promised(pact) as url:
        seen = checkout(url).pay(REFERENCE, card)

    assert (seen.status, seen.redirect_url) == ("PENDING", REDIRECT)


@pytest.mark.parametrize(
    ("state", "status", "paid", "refunded"),
    [
        ("an order is paid", "PAID", 4999, 0),
        ("an order is authorized", "AUTHORIZED", 0, 0),
        ("an order was declined", "FAILED", 0, 0),
        ("an order is partly refunded", "PARTIALLY_REFUNDED", 4999, 2000),
        ("an order is disputed", "DISPUTED", 4999, 0),
    ],
)
def test_look_at_an_order(promised, checkout, state, status, paid, refunded):
    """It says how it stands, what was paid and what went back."""
    pact = Pact("checkout", "reference")
    body = order(status, paid=paid, refunded=refunded)
    answered(asked(pact, f"look at an order: {status}", "GET", "", [state]), 200, body)

    with promised(pact) as url:
        seen = checkout(url).look(REFERENCE)

    assert (seen.status, seen.paid_minor, seen.refunded_minor) == (status, paid, refunded)


def test_look_at_an_order_that_nobody_opened(promised, checkout, refused):
    """There is none, and the answer says so."""
    pact = Pact("checkout", "reference")
    interaction = pact.upon_receiving("look at an order that nobody opened")
    answered(interaction.with_request("GET", "/orders/nobodys"), 404, refusal("no_such_order"))

    with promised(pact) as url, pytest.raises(refused) as why:
        checkout(url).look("nobodys")

    assert why.value.code == "no_such_order"


def test_the_shopper_comes_back(promised, checkout):
    """The shop shows what is so, not what the address says."""
    pact = Pact("checkout", "reference")
    interaction = asked(pact, "come back to a paid order", "GET", "/return", ["an order is paid"])
    answered(interaction, 200, order("PAID", paid=4999))

    with promised(pact) as url:
        seen = checkout(url).come_back(REFERENCE)

    assert seen.status == "PAID"


def capturing(pact, description, state, amount):
    """Describe the request that takes held money."""
    interaction = asked(pact, description, "POST", "/capture", [state])
    return interaction.with_body({"amount": amount}, "application/json")


def test_capture_what_is_held(promised, checkout):
    """All of it is taken."""
    pact = Pact("checkout", "reference")
    interaction = capturing(pact, "capture a held payment", "an order is authorized", "49.99")
    answered(interaction, 200, order("PAID", paid=4999))

    with promised(pact) as url:
        seen = checkout(url).capture(REFERENCE, "49.99")

    assert (seen.status, seen.paid_minor) == ("PAID", 4999)


def test_capture_more_than_is_held(promised, checkout, refused):
    """It is refused, and nothing was taken."""
    pact = Pact("checkout", "reference")
    interaction = capturing(pact, "capture more than is held", "an order is authorized", "50.00")
    answered(interaction, 409, refusal("too_much"))

    with promised(pact) as url, pytest.raises(refused) as why:
        checkout(url).capture(REFERENCE, "50.00")

    assert (why.value.status, why.value.code) == (409, "too_much")


def refunding(pact, description, amount):
    """Describe the request that gives money back."""
    interaction = asked(pact, description, "POST", "/refunds", ["an order is paid"])
    wanted = {"amount": amount, "refund_reference": match.regex("r1", regex=r"[\w-]+")}
    return interaction.with_body(wanted, "application/json")


def test_refund_part_of_an_order(promised, checkout):
    """The order says how much went back."""
    pact = Pact("checkout", "reference")
    body = order("PARTIALLY_REFUNDED", paid=4999, refunded=2000)
    answered(refunding(pact, "refund part of a paid order", "20.00"), 200, body)

    with promised(pact) as url:
        seen = checkout(url).refund(REFERENCE, "20.00", "r1")

    assert (seen.status, seen.refunded_minor) == ("PARTIALLY_REFUNDED", 2000)


def test_refund_more_than_was_paid(promised, checkout, refused):
    """It is refused, and nothing went back."""
    pact = Pact("checkout", "reference")
    answered(refunding(pact, "refund more than was paid", "50.00"), 409, refusal("too_much"))

    with promised(pact) as url, pytest.raises(refused) as why:
        checkout(url).refund(REFERENCE, "50.00", "r1")

    assert (why.value.status, why.value.code) == (409, "too_much")


def test_cancel_what_is_held(promised, checkout):
    """The hold is let go."""
    pact = Pact("checkout", "reference")
    interaction = asked(pact, "cancel an authorized order", "POST", "/cancel", ["an order is authorized"])
    answered(interaction, 200, order("CANCELLED"))

    with promised(pact) as url:
        seen = checkout(url).cancel(REFERENCE)

    assert (seen.status, seen.paid_minor) == ("CANCELLED", 0)


def test_cancel_what_is_paid(promised, checkout, refused):
    """It is refused: money that was paid is refunded."""
    pact = Pact("checkout", "reference")
    interaction = asked(pact, "cancel a paid order", "POST", "/cancel", ["an order is paid"])
    answered(interaction, 409, refusal("already_paid"))

    with promised(pact) as url, pytest.raises(refused) as why:
        checkout(url).cancel(REFERENCE)

    assert why.value.code == "already_paid"


def test_open_an_order_to_capture_later(promised, checkout):
    """It is open, and its money will only be held."""
    pact = Pact("checkout", "reference")
    answered(new_order(pact, "open an order to capture later", "manual"), 201, order("UNPAID"))

    with promised(pact) as url:
        seen = checkout(url).open(REFERENCE, "49.99", "EUR", "manual")

    assert (seen.status, seen.amount_minor) == ("UNPAID", 4999)
