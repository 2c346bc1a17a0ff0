"""Amounts: decimal texts at the door, integer minor units inside, Stripe's own units towards Stripe."""

from __future__ import annotations

import re
from decimal import Decimal

# ISO 4217 list one; all others have two decimals.
_DECIMALS = dict.fromkeys(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ),
    0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
_NOT_SOLD_IN = frozenset({"CLF", "MGA", "UYW"})
# Stripe's page on currencies: written with two decimals that are always 00.
_PADDED_BY_STRIPE = frozenset({"ISK", "UGX"})
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


def check_currency(text: object) -> str:
    """Give the code in upper case; raises ValueError for what the shop does not sell in."""
    if not isinstance(text, str) or not re.fullmatch("[A-Za-z]{3}", text) or text.upper() in _NOT_SOLD_IN:
        raise ValueError("currency is no code that this shop sells in")
    return text.upper()


def decimals(currency: str) -> int:
    """Give how many digits follow the point."""
    return _DECIMALS.get(currency, 2)


def to_minor(text: object, currency: str) -> int:
    """Read a positive decimal text exactly; raises ValueError."""
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("an amount is a text such as 49.99")
    minor = Decimal(text).scaleb(decimals(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{currency} has {decimals(currency)} decimals")
    if minor <= 0:
        raise ValueError("an amount is more than nothing")
    return int(minor)


def to_text(minor: int, currency: str) -> str:
    """Write minor units with all the decimals of the currency."""
    digits = decimals(currency)
    if not digits:
        return str(minor)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}d}"


def to_stripe(minor: int, currency: str) -> int:
    """Give what Stripe calls this amount."""
    return minor * 100 if currency in _PADDED_BY_STRIPE else minor


def from_stripe(amount: object, currency: str) -> int:
    """Give minor units of an amount that Stripe told; nothing told is nothing."""
    units = int(str(amount or 0))
    return units // 100 if currency in _PADDED_BY_STRIPE else units
