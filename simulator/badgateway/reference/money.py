"""Amounts: decimal text of the currency's own unit at the edges, integer minor units everywhere inside."""

from __future__ import annotations

import re
from decimal import Decimal

from badgateway.reference.stripe_amounts import smallest_step

# ISO 4217, list one: every active currency whose exponent is not two.
_EXPONENTS = {
    **dict.fromkeys(
        [
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
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
AMOUNT = re.compile(r"[0-9]{1,11}(\.[0-9]{1,4})?", re.ASCII)
_LARGEST_MINOR = 99_999_999_999


class NotAnAmount(ValueError):
    """The text is no amount of this currency; the message says why."""


class MinorUnits:
    """How a decimal amount becomes the integer that the provider is asked for, and back."""

    def exponent(self, currency: str) -> int:
        """Give the number of decimals of a currency."""
        return _EXPONENTS.get(currency, 2)

    def to_minor(self, text: str, currency: str) -> int:
        """Turn decimal text into integer minor units; raises NotAnAmount, and never rounds."""
        if not AMOUNT.fullmatch(text):
            raise NotAnAmount(f"{text!r} is no decimal number")
        scaled = Decimal(text).scaleb(self.exponent(currency))
        if scaled != scaled.to_integral_value():
            raise NotAnAmount(f"{text} has more decimals than {currency} knows")
        minor, step = int(scaled), smallest_step(currency)
        if minor % step:
            raise NotAnAmount(
                f"{text} cannot be charged: {currency} goes in steps of {self.to_text(step, currency)}"
            )
        if not 0 < minor <= _LARGEST_MINOR:
            raise NotAnAmount(f"{text} is not between the smallest unit and the largest amount")
        return minor

    def to_text(self, minor: int, currency: str) -> str:
        """Turn minor units into decimal text."""
        places = self.exponent(currency)
        return f"{Decimal(minor).scaleb(-places):.{places}f}"
