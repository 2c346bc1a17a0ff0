"""Amounts as Stripe writes them: for a few currencies they are not ISO 4217's minor units.

Source: Stripe's page on supported currencies, sections on zero-decimal, three-decimal and special cases.
"""

from __future__ import annotations

_PADDED = frozenset({"ISK", "UGX"})  # written with two decimals that are always 00, though ISO gives none
_WHOLE = frozenset({"MGA"})  # written without decimals, though ISO gives two
_TENS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})  # the last of three digits is always 0


def smallest_step(currency: str) -> int:
    """Give the minor units of which every amount must be a multiple."""
    if currency in _WHOLE:
        return 100
    return 10 if currency in _TENS else 1


def to_wire(minor: int, currency: str) -> int:
    """Turn ISO minor units into what Stripe is sent."""
    if currency in _PADDED:
        return minor * 100
    return minor // 100 if currency in _WHOLE else minor


def from_wire(amount: int, currency: str) -> int:
    """Turn what Stripe shows into ISO minor units."""
    if currency in _PADDED:
        return amount // 100
    return amount * 100 if currency in _WHOLE else amount
