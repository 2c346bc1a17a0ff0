"""Amounts and moments as Euler writes them: decimals of the currency's own unit, two places at most."""

from __future__ import annotations

from decimal import Decimal

from badgateway.ground import money
from badgateway.ground.clock import utc_text

PLACES_MAX = 2


def to_minor(value: object, currency: str) -> int:
    """Read an amount such as "49.99"; raises ValueError where it is none in this currency."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("an amount is a decimal number")  # noqa: TRY004 - one family for callers
    text = str(value).strip()
    whole, _, decimals = text.partition(".")
    if len(decimals) > PLACES_MAX:
        raise ValueError(f"an amount has at most {PLACES_MAX} decimals")
    digits = money.exponent(currency)
    if len(decimals) > digits and not decimals[digits:].strip("0"):
        text = f"{whole}.{decimals[:digits]}".rstrip(".")  # 5001.00 is a whole number of yen
    return money.to_minor(text, currency)


def to_wire(minor: int, currency: str) -> int | float:
    """Give minor units as the JSON number that stands in every answer."""
    text = money.decimal_text(minor, currency)
    number = Decimal(text)
    # The shortest text of this float is the decimal itself: amounts have at most 15 digits.
    return int(number) if number == number.to_integral_value() else float(text)


def date_text(at_ms: int) -> str:
    """Give a moment to the second, in UTC."""
    return f"{utc_text(at_ms)[:19]}Z"
