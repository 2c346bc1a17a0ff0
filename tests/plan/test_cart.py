"""Carts: chargeable totals that no rounding of single parts comes to."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from badgateway.ground.money import exponent
from badgateway.plan.cart import Cart, CartLine, draw_cart, total_minor


def rounded_alone(cart, currency):
    """Add a cart up as somebody would who rounds the price, tax and discount of each line."""
    total = 0
    for line in cart.lines:
        net = Decimal(line.unit_price) * line.quantity
        off = net * cart.coupon_percent / 100
        for part in (net, (net - off) * line.tax_percent / 100, -off):
            total += int(part.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP))
    return total


def test_a_total_is_added_up_exactly_and_rounded_once():
    cart = Cart((CartLine("Tea", 3, "3.333", 19), CartLine("Book", 1, "9.995", 7)), 10)

    # (9.999 * 1.19 + 9.995 * 1.07) * 0.9 = 20.334114
    assert total_minor(cart, "EUR") == 2_033


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_a_cart_never_adds_up_when_its_parts_are_rounded_alone(currency):
    for seed in range(50):
        cart = draw_cart(currency, 2_000, seed, "story.yaml", 1, "o1")
        total = total_minor(cart, currency)

        assert rounded_alone(cart, currency) != total >= 2_000
        assert currency != "KWD" or total % 10 == 0


def test_equal_names_draw_equal_carts():
    assert draw_cart("EUR", 0, 7, "a", 1, "o1") == draw_cart("EUR", 0, 7, "a", 1, "o1")
    assert draw_cart("EUR", 0, 7, "a", 1, "o1") != draw_cart("EUR", 0, 7, "a", 1, "o2")
