"""Amounts as Euler writes them: decimals of the currency's own unit, two places at most."""

from __future__ import annotations

import re
from decimal import Decimal

from badgateway.reference.money import MinorUnits

_PLACES_MAX = 2
_PLAIN = re.compile(r"[0-9]{1,15}([.][0-9]{1,4})?", re.ASCII)
_UNITS = MinorUnits()


def to_wire(minor: int, currency: str) -> str:
    """Turn ISO minor units into what Euler is sent; raises ValueError where two places are too few."""
    digits = _UNITS.exponent(currency)
    number = Decimal(minor).scaleb(-digits)
    if digits > _PLACES_MAX:
        if minor % 10 ** (digits - _PLACES_MAX):
            raise ValueError(f"{number} {currency} has more decimals than Euler takes")
        digits = _PLACES_MAX
    return f"{number:.{digits}f}"


def from_wire(value: object, currency: str) -> int:
    """Turn what Euler shows into ISO minor units; raises ValueError where it is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("no amount")  # noqa: TRY004 - the answer is wrong, not our call
    # The text of a JSON number is the number that was written: no float is calculated with.
    text = str(value)
    if not _PLAIN.fullmatch(text):
        raise ValueError("no amount")
    minor = Decimal(text).scaleb(_UNITS.exponent(currency))
    if minor != minor.to_integral_value():
        raise ValueError("no amount of this currency")
    return int(minor)
