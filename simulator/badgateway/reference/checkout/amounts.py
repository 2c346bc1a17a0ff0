"""Amounts as Checkout.com writes them: for a few currencies they are not ISO 4217's minor units.

Source: Checkout.com's page on formatting the amount value.
"""

from __future__ import annotations

_PADDED = frozenset({"CLP", "UYI"})  # not on its list of whole amounts: two decimals, though ISO gives none
_CUT = frozenset({"CLF", "UYW"})  # two decimals as well, though ISO gives four


def to_wire(minor: int, currency: str) -> int:
    """Turn ISO minor units into what Checkout.com is sent; raises ValueError where it cannot write them."""
    if currency in _PADDED:
        return minor * 100
    if currency in _CUT:
        if minor % 100:
            raise ValueError(f"{currency} has two decimals there")
        return minor // 100
    return minor


def from_wire(value: object, currency: str) -> int:
    """Turn what Checkout.com shows into ISO minor units; raises ValueError where it is no amount."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("no amount")
    if currency in _PADDED:
        if value % 100:
            raise ValueError("no amount of this currency")
        return value // 100
    return value * 100 if currency in _CUT else value
