"""What a checkout says beside the amount: a cart and a base currency, whole or refused."""

from __future__ import annotations

import pytest

LINE = {"name": "Tea", "quantity": 2, "unit_price": "10.00", "tax_percent": 19}
CART = {"lines": [LINE], "coupon_percent": 0}  # 23.80


def ask(shop, **more):
    wanted = {"reference": "order1", "amount": "23.80", "currency": "EUR"}
    shopper = {"name": "Ada Byron", "email": "ada@example.test"}
    return shop.client.post("/orders", json={**wanted, "shopper": shopper, **more})


def test_a_cart_goes_to_the_provider_with_the_charge(fake, start):
    shop = start()

    opened = ask(shop, cart=CART)
    shop.pay("order1")

    (paid,) = [params for name, _, params in fake.calls if name == "pay"]
    assert opened.status_code == 201
    assert paid["amount_details[line_items][0][unit_cost]"] == "1000"
    assert paid["amount_details[line_items][0][tax][total_tax_amount]"] == "380"


def test_an_order_that_is_just_an_amount_names_no_parts(fake, start):
    shop = start()
    ask(shop, cart=None, base_currency=None, base_amount=None)

    shop.pay("order1")

    (paid,) = [params for name, _, params in fake.calls if name == "pay"]
    assert not any(name.startswith("amount_details") for name in paid)


@pytest.mark.parametrize(
    "cart",
    [
        7,
        {},
        {"lines": [], "coupon_percent": 0},
        {"lines": [LINE]},
        {"lines": [LINE], "coupon_percent": 101},
        {"lines": [{**LINE, "quantity": 0}], "coupon_percent": 0},
        {"lines": [{**LINE, "quantity": True}], "coupon_percent": 0},
        {"lines": [{**LINE, "unit_price": 10}], "coupon_percent": 0},
        {"lines": [{**LINE, "unit_price": "1e3"}], "coupon_percent": 0},
        {"lines": [{**LINE, "name": ""}], "coupon_percent": 0},
        {"lines": [7], "coupon_percent": 0},
    ],
)
def test_a_cart_that_cannot_be_read_is_refused(start, cart):
    answer = ask(start(), cart=cart)

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")


def test_a_cart_that_is_not_the_price_is_refused(start):
    answer = ask(start(), cart={**CART, "coupon_percent": 10})

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "bad_cart")


@pytest.mark.parametrize(
    "base",
    [
        {"base_currency": "euro", "base_amount": "1"},
        {"base_currency": "EUR"},
        {"base_amount": "1"},
        {"base_currency": "EUR", "base_amount": 1},
    ],
)
def test_a_base_amount_that_is_none_is_refused(start, base):
    assert ask(start(), **base).status_code == 400
