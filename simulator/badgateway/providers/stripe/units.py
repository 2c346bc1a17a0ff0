"""Amounts as Stripe writes them, and ISO 4217 minor units: for a few currencies the two differ."""

from __future__ import annotations

# Source: Stripe's page on currencies. Written with two decimals that are always 00, though ISO gives none.
_PADDED = {"ISK", "UGX"}
# Written without decimals, though ISO gives two.
_WHOLE = {"MGA"}
# Of all other currencies the amounts are ISO minor units as they are.
UNLIKE_ISO = frozenset(_PADDED | _WHOLE)
# The last of three digits is always 0.
THREE_DECIMALS = {"BHD", "JOD", "KWD", "OMR", "TND"}
# Of all other currencies each amount there can be is taken, and is the same in minor units.
UNEVEN = frozenset(_PADDED | _WHOLE | THREE_DECIMALS)

# Smallest charge, in Stripe's units; for what is not named here any positive amount is taken.
LEAST = {
    "USD": 50, "EUR": 50, "GBP": 30, "JPY": 50, "AUD": 50, "CAD": 50, "CHF": 50, "NZD": 50, "SGD": 50,
}  # fmt: skip
MOST = 99_999_999


def to_minor(amount: int, currency: str) -> int:
    """Give ISO minor units of a Stripe amount; raises ValueError where the currency has no such amount."""
    if currency in THREE_DECIMALS and amount % 10:
        raise ValueError(f"amounts in {currency} end in 0")
    if currency in _PADDED:
        if amount % 100:
            raise ValueError(f"amounts in {currency} end in 00")
        return amount // 100
    return amount * 100 if currency in _WHOLE else amount


def to_wire(minor: int, currency: str) -> int:
    """Give ISO minor units as Stripe writes them."""
    if currency in _PADDED:
        return minor * 100
    return minor // 100 if currency in _WHOLE else minor
