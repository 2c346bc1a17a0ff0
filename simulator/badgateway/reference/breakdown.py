"""What a charge is made of: lines with tax and discount, as whole minor units that add up to it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from badgateway.reference.stripe_amounts import smallest_step, to_wire

Cart = Mapping[str, Any]
_PARTS = 3  # of each line: price, tax, discount


class Breakdown:
    """Every part is reckoned exactly, and rounded so that all of them together are what is charged."""

    def details(self, cart: Cart, total_minor: int, currency: str, exponent: int) -> dict[str, Any]:
        """Give Stripe's `amount_details` of a cart whose total was agreed."""
        parts = self.rounded(exact_parts(cart, exponent), total_minor, smallest_step(currency))
        return {"line_items": [_line(one, currency) for one in _by_line(cart, parts)]}

    def rounded(self, exact: list[Decimal], total_minor: int, step: int) -> list[int]:
        """Round each part down to a step, and give what is missing to those that lost most."""
        whole = [int((part / step).to_integral_value("ROUND_FLOOR")) for part in exact]
        lost = [part / step - down for part, down in zip(exact, whole, strict=True)]
        most = sorted(range(len(exact)), key=lambda n: (-lost[n], n))
        for n in most[: total_minor // step - sum(whole)]:
            whole[n] += 1
        return [part * step for part in whole]


def exact_parts(cart: Cart, exponent: int) -> list[Decimal]:
    """Give price, tax and (negative) discount of each line, in exact minor units."""
    off = Decimal(cart["coupon_percent"]) / 100
    parts: list[Decimal] = []
    for line in cart["lines"]:
        net = Decimal(line["unit_price"]).scaleb(exponent) * line["quantity"]
        parts += [net, net * (1 - off) * line["tax_percent"] / 100, -net * off]
    return parts


def makes_total(cart: Cart, total_minor: int, currency: str, exponent: int) -> bool:
    """Say whether a cart comes to a total, but for the rounding of the whole to what can be charged."""
    return abs(sum(exact_parts(cart, exponent), Decimal(0)) - total_minor) < smallest_step(currency)


def _by_line(cart: Cart, parts: list[int]) -> list[tuple[Mapping[str, Any], int, int, int]]:
    return [
        (line, parts[n * _PARTS], parts[n * _PARTS + 1], -parts[n * _PARTS + 2])
        for n, line in enumerate(cart["lines"])
    ]


def _line(one: tuple[Mapping[str, Any], int, int, int], currency: str) -> dict[str, Any]:
    """Word one line; where its price does not divide by its quantity, it is told as one piece."""
    line, net, tax, discount = one
    is_even = net % (line["quantity"] * smallest_step(currency)) == 0
    count = line["quantity"] if is_even else 1
    made = {
        "product_name": line["name"] if is_even else f"{line['quantity']} x {line['name']}",
        "quantity": count,
        "unit_cost": to_wire(net // count, currency),
        "tax": {"total_tax_amount": to_wire(tax, currency)},
    }
    # Stripe takes no discount of nothing.
    return made | ({"discount_amount": to_wire(discount, currency)} if discount else {})
