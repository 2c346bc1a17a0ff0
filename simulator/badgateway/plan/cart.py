"""Carts: lines with tax, and a coupon, whose parts rounded one by one do not come to their total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from badgateway.ground.chance import stream
from badgateway.ground.money import exponent

MIXED = "mixed"
_GOODS = ("Tea", "Coffee", "Bread", "Book", "Lamp", "Chair")
_TAXES = (7, 19, 21)
_COUPONS = (5, 10, 15)
_DRAWS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class CartLine:
    """Some of one article, priced without tax."""

    name: str
    quantity: int
    unit_price: str  # decimal text in the currency's own unit, finer than its minor unit
    tax_percent: int


@dataclass(frozen=True, slots=True)
class Cart:
    """What an order is made of. The coupon is taken off the price before tax."""

    lines: tuple[CartLine, ...]
    coupon_percent: int


def draw_cart(currency: str, at_least: int, *name: object) -> Cart:
    """Choose a cart of taxed lines with a coupon that does not add up when each part is rounded alone.

    Its total is not less than what the story takes back of it, minor units.
    """
    chance = stream(0, "cart", *name)
    digits = exponent(currency)
    least = 10 ** max(2, digits)
    for _ in range(_DRAWS_MAX):
        articles = chance.sample(_GOODS, 3)
        lines = tuple(
            CartLine(
                article,
                chance.randint(1, 4),
                f"{Decimal(chance.randint(least * 10, least * 400)).scaleb(-digits - 1):f}",
                chance.choice(_TAXES),
            )
            for article in articles
        )
        cart = Cart(lines, chance.choice(_COUPONS))
        total = total_minor(cart, currency)
        # Card schemes settle three-decimal currencies in hundredths: there the last digit is always 0.
        is_chargeable = total >= at_least and (digits < 3 or total % 10 == 0)
        if is_chargeable and _sum_of_rounded(cart, currency) != total:
            return cart
    raise AssertionError(f"no cart in {currency} within {_DRAWS_MAX} draws")


def total_minor(cart: Cart, currency: str) -> int:
    """Give what a cart costs: added up exactly, rounded once, half up; minor units."""
    return _rounded(sum(_exact_parts(cart, currency)))


def _exact_parts(cart: Cart, currency: str) -> Iterable[Decimal]:
    """Give price, tax and discount of each line, exact."""
    off, whole = Decimal(cart.coupon_percent), Decimal(100)
    for line in cart.lines:
        net = Decimal(line.unit_price).scaleb(exponent(currency)) * line.quantity
        discount = net * off / whole
        yield from (net, (net - discount) * line.tax_percent / whole, -discount)


def _sum_of_rounded(cart: Cart, currency: str) -> int:
    return sum(_rounded(part) for part in _exact_parts(cart, currency))


def _rounded(exact: Decimal | int) -> int:
    return int(Decimal(exact).to_integral_value(ROUND_HALF_UP))
