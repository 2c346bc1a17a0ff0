"""Amounts as a declared provider writes them, and back: integer minor units, or decimal text."""

from __future__ import annotations

from decimal import Decimal

from badgateway.ground.money import MINOR_MAX
from badgateway.ground.money import exponent as iso_exponent
from badgateway.providers.declared.model import Spec

DIGITS_MAX = 15


def to_wire(minor: int, currency: str, spec: Spec) -> int | str:
    """Give ISO minor units as the provider writes them; what its decimals cannot say is cut off."""
    digits = _digits(currency, spec)
    scaled = _scaled(minor, iso_exponent(currency), digits)
    if not spec.is_decimal:
        return scaled
    sign, whole = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(digits + 1, "0")
    return f"{sign}{whole[:-digits]}.{whole[-digits:]}" if digits else f"{sign}{whole}"


def from_wire(said: object, currency: str, spec: Spec) -> int:
    """Give ISO minor units of an amount in a request; raises ValueError with one sentence."""
    digits = _digits(currency, spec)
    if spec.is_decimal:
        number = _decimal(said, digits, currency)
    elif isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) <= DIGITS_MAX:
        number = int(said)
    elif isinstance(said, int) and not isinstance(said, bool):
        number = said
    else:
        raise ValueError("the amount must be an integer")
    if number < 0 or number > MINOR_MAX:
        raise ValueError("the amount is out of range")
    target = iso_exponent(currency)
    if target < digits and number % 10 ** (digits - target):
        raise ValueError(f"{currency} has only {target} decimals: the last digits must be 0")
    return _scaled(number, digits, target)


def _digits(currency: str, spec: Spec) -> int:
    return spec.exponents.get(currency, iso_exponent(currency))


def _scaled(number: int, digits: int, target: int) -> int:
    scale: int = 10 ** abs(target - digits)
    return number * scale if target >= digits else number // scale


def _decimal(said: object, digits: int, currency: str) -> int:
    text = str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""
    whole, dot, part = text.partition(".")
    is_plain = text.isascii() and whole.isdecimal() and (part.isdecimal() if dot else True)
    if not is_plain or len(text) > DIGITS_MAX + 1:
        raise ValueError("the amount must be a decimal number")
    if len(part) > digits:
        raise ValueError(f"{currency} has {digits} decimals here")
    return int(Decimal(text).scaleb(digits))
