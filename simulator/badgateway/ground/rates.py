"""Exchange rates of the simulated provider: fixed and round, so that a settlement can be checked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from badgateway.ground.money import exponent

# Units of a currency for one euro. Made up: near enough to the world to be believed, and never renewed.
PER_EURO: Mapping[str, Decimal] = MappingProxyType(
    {
        code: Decimal(text)
        for code, text in {
            "EUR": "1", "USD": "1.1", "GBP": "0.85", "CHF": "0.95", "SEK": "11.5", "NOK": "11.8",
            "DKK": "7.5", "PLN": "4.3", "CZK": "25", "HUF": "400", "JPY": "160", "KRW": "1500", "INR": "95",
            "BRL": "6", "CAD": "1.5", "AUD": "1.65", "NZD": "1.8", "SGD": "1.45", "KWD": "0.34",
            "BHD": "0.41",
        }.items()
    }
)  # fmt: skip
_DIGITS = Decimal("0.000001")


def rate(source: str, target: str) -> Decimal:
    """Give what one unit of the source is worth in units of the target; raises KeyError without a rate."""
    return (PER_EURO[target] / PER_EURO[source]).quantize(_DIGITS, ROUND_HALF_UP)


def converted(minor: int, source: str, target: str) -> int:
    """Give minor units of the target currency for those of the source, rounded half away from zero."""
    if source == target:
        return minor
    units = Decimal(minor).scaleb(-exponent(source)) * rate(source, target)
    return int(units.scaleb(exponent(target)).to_integral_value(ROUND_HALF_UP))
