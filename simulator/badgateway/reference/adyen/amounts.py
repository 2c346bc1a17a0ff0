"""Amounts as Adyen writes them: for a few currencies they are not ISO 4217's minor units.

Source: Adyen's page on currency codes and minor units.
"""

from __future__ import annotations

_PADDED = frozenset({"CLP", "ISK"})  # written with two decimals that are always 00, though ISO gives none
_WHOLE = frozenset({"CVE", "IDR"})  # written without decimals, though ISO gives two


def to_wire(minor: int, currency: str) -> int:
    """Turn ISO minor units into what Adyen is sent."""
    if currency in _PADDED:
        return minor * 100
    return minor // 100 if currency in _WHOLE else minor


def from_wire(value: int, currency: str) -> int:
    """Turn what Adyen shows into ISO minor units."""
    if currency in _PADDED:
        return value // 100
    return value * 100 if currency in _WHOLE else value
