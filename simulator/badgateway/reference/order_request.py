"""What a checkout may say of an order beside its amount: the merchant's base currency, and the cart."""

from __future__ import annotations

import re
from typing import Any

from badgateway.reference.breakdown import makes_total
from badgateway.reference.money import AMOUNT
from badgateway.reference.service import Problem, Service

LINES_MAX, QUANTITY_MAX, PERCENT_MAX, NAME_MAX = 100, 10_000, 100, 200


def check_base(body: dict[str, Any]) -> None:
    """Refuse a base amount without its currency, or one that is none; raises Problem 400."""
    currency, amount = body.get("base_currency"), body.get("base_amount")
    if currency is None and amount is None:
        return
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
        raise Problem(400, "bad_request", "base_currency must be three capital letters")
    if not isinstance(amount, str) or not AMOUNT.fullmatch(amount):
        raise Problem(400, "bad_request", "base_amount must be decimal text such as 49.99")


def check_cart(body: dict[str, Any]) -> None:
    """Refuse a cart that cannot be read; raises Problem 400."""
    cart = body.get("cart")
    if cart is None:
        return
    lines = cart.get("lines") if isinstance(cart, dict) else None
    if not isinstance(lines, list) or not 1 <= len(lines) <= LINES_MAX:
        raise Problem(400, "bad_request", f"cart.lines must be 1 to {LINES_MAX} lines")
    if not _is_whole(cart.get("coupon_percent"), 0, PERCENT_MAX) or not all(map(_is_line, lines)):
        what = "a line of a cart has name, quantity, unit_price and tax_percent, and a cart coupon_percent"
        raise Problem(400, "bad_request", what)


def check_total(service: Service, cart: dict[str, Any] | None, total_minor: int, currency: str) -> None:
    """Refuse a cart that is not what the order costs; raises Problem 422."""
    exponent = service.policies.minor_units.exponent(currency)
    if cart is not None and not makes_total(cart, total_minor, currency, exponent):
        raise Problem(422, "bad_cart", "the cart does not come to the amount")


def _is_line(line: Any) -> bool:
    return (
        isinstance(line, dict)
        and isinstance(line.get("name"), str)
        and 0 < len(line["name"]) <= NAME_MAX
        and _is_whole(line.get("quantity"), 1, QUANTITY_MAX)
        and isinstance(line.get("unit_price"), str)
        and AMOUNT.fullmatch(line["unit_price"]) is not None
        and _is_whole(line.get("tax_percent"), 0, PERCENT_MAX)
    )


def _is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
