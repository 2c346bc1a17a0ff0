"""Money: ISO 4217 exponents, and the one way between a currency's own unit and integer minor units."""

from __future__ import annotations

import re
from decimal import Decimal

from badgateway.errors import nearest

# Source: ISO 4217 list one (active codes), grouped by the number of digits after the decimal point.
# Funds codes are kept where the list gives them an exponent; metals and test codes have none.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
        "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
        "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
        "MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
        "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
        "USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {code: digits for digits, codes in _CODES.items() for code in codes.split()}
_LENGTH_MAX = 40
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")

# Far above any payment, and low enough that every language and database keeps it exactly (below 2**53).
MINOR_MAX = 999_999_999_999_999


def currencies() -> tuple[str, ...]:
    """Give the known currency codes in alphabetical order."""
    return tuple(sorted(_EXPONENTS))


def exponent(currency: str) -> int:
    """Give how many digits follow the decimal point (ISO 4217); raises ValueError for an unknown code."""
    if currency not in _EXPONENTS:
        raise ValueError(f"unknown currency {currency!r}{nearest(currency.upper(), _near(currency))}")
    return _EXPONENTS[currency]


def to_minor(amount: Decimal | int | str, currency: str) -> int:
    """Give integer minor units of an amount in the currency's own unit.

    Raises ValueError, one clear sentence, for an unknown currency, a negative or too large amount, text
    that is no plain decimal number, or more decimals than the currency has, zeros included: 10.000 EUR is
    refused, because it is more likely a mistake than a wish.
    """
    digits = exponent(currency)
    if isinstance(amount, bool | float):
        raise ValueError(f"an amount is a decimal number or text, not {amount!r}")  # noqa: TRY004 - one family for callers
    number = _number(amount)
    if number < 0:
        raise ValueError(f"an amount is not negative, found {number}")
    decimals = -int(number.as_tuple().exponent)
    if decimals > digits:
        raise ValueError(f"{number:f} has {_count(decimals)}, {currency} has {_count(digits)}")
    minor = int(number * 10**digits) if number <= MINOR_MAX else MINOR_MAX + 1
    if minor > MINOR_MAX:
        raise ValueError(f"an amount is at most {decimal_text(MINOR_MAX, currency)} {currency}")
    return minor


def decimal_text(minor: int, currency: str) -> str:
    """Give minor units in the currency's own unit, without the code: 4999 EUR is 49.99."""
    digits = exponent(currency)
    sign, whole = ("-" if minor < 0 else ""), str(abs(minor)).rjust(digits + 1, "0")
    return f"{sign}{whole[:-digits]}.{whole[-digits:]}" if digits else f"{sign}{whole}"


def to_text(minor: int, currency: str) -> str:
    """Give minor units as people write them: 49.99 EUR."""
    return f"{decimal_text(minor, currency)} {currency}"


def _number(amount: Decimal | int | str) -> Decimal:
    if isinstance(amount, Decimal):
        if not amount.is_finite() or abs(int(amount.as_tuple().exponent)) > _LENGTH_MAX:
            raise ValueError(f"an amount is a plain decimal number such as 49.99, not {amount}")
        return amount
    if isinstance(amount, int):
        return Decimal(amount)
    if not _PLAIN.fullmatch(amount.removeprefix("-")) or len(amount) > _LENGTH_MAX:
        raise ValueError(f"an amount is a plain decimal number such as 49.99, not {amount[:40]!r}")
    return Decimal(amount)


def _count(decimals: int) -> str:
    return "no decimals" if decimals <= 0 else f"{decimals} decimal{'s' if decimals > 1 else ''}"


def _near(currency: str) -> list[str]:
    # The whole list of codes helps nobody, so only those that could be meant are offered.
    return [code for code in _EXPONENTS if code[:2] == currency.upper()[:2]] or ["EUR", "JPY", "USD"]
