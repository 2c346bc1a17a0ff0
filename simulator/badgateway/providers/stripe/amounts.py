"""Reading an amount with its currency, and the bounds that Stripe sets."""

from __future__ import annotations

from badgateway.ground.money import currencies, decimal_text
from badgateway.providers.stripe.errors import Refused, invalid
from badgateway.providers.stripe.units import LEAST, MOST, UNEVEN, to_minor

_KNOWN = frozenset(currencies())


def currency_of(text: str) -> str:
    """Give a currency in upper case; raises Refused for one that is not known."""
    code = text.upper()
    if code not in _KNOWN:
        raise Refused(invalid(f"Invalid currency: {text[:20].lower()}.", "currency"))
    return code


def charged(amount: int, currency: str) -> int:
    """Give the minor units of an amount to be charged; raises Refused outside of Stripe's bounds."""
    if amount < 1:
        what = "This value must be greater than or equal to 1."
        raise Refused(invalid(what, "amount", "parameter_invalid_integer"))
    least = LEAST.get(currency, 1)
    if amount < least:
        what = f"Amount must be at least {decimal_text(least, currency)} {currency.lower()}"
        raise Refused(invalid(what, "amount", "amount_too_small"))
    if amount > MOST:
        raise Refused(invalid(f"Amount must be no more than {MOST}", "amount", "amount_too_large"))
    return part(amount, currency, "amount") if currency in UNEVEN else amount


def part(amount: int, currency: str, param: str) -> int:
    """Give the minor units of an amount to be captured or refunded; the book knows its bounds."""
    try:
        return to_minor(amount, currency)
    except ValueError as problem:
        raise Refused(invalid(f"Invalid amount: {problem}", param)) from None
