"""Amounts and moments as Adyen writes them; a few of its currencies have other units than in ISO 4217."""

from __future__ import annotations

from badgateway.ground.clock import utc_text

# Source: Adyen's table of currency codes. Written with two decimals, though ISO gives none.
PADDED = frozenset({"CLP", "ISK"})
# Written without decimals, though ISO gives two.
WHOLE = frozenset({"CVE", "IDR"})


def to_minor(value: int, currency: str) -> int:
    """Give ISO minor units of an amount of Adyen's; raises ValueError where ISO has no such amount."""
    if currency in PADDED:
        if value % 100:
            raise ValueError(f"amounts in {currency} end in 00 here: its smallest unit is a whole one")
        return value // 100
    return value * 100 if currency in WHOLE else value


def to_wire(minor: int, currency: str) -> int:
    """Give ISO minor units as Adyen writes them."""
    if currency in PADDED:
        return minor * 100
    return minor // 100 if currency in WHOLE else minor


def amount(minor: int, currency: str) -> dict[str, str | int]:
    """Give an amount as the object that stands in every body."""
    return {"currency": currency, "value": to_wire(minor, currency)}


def date_text(at_ms: int) -> str:
    """Give a moment to the second, with its distance from UTC."""
    return f"{utc_text(at_ms)[:19]}+00:00"
