"""How the lines of a provider's settlement are booked: which term each belongs to, and what its fee was."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.reference.settled import SettledLine

TERMS = ("captured", "refunded", "lost", "won", "adjusted")
# Stripe's reporting categories; whatever is not here has no payment behind it and is an adjustment.
_CATEGORIES = {
    "charge": "captured",
    "charge_failure": "captured",
    "refund": "refunded",
    "refund_failure": "refunded",
    "partial_capture_reversal": "refunded",
    "dispute": "lost",
    "dispute_reversal": "won",
}


class Settling:
    """Every line counts, each with the fee that the provider says it kept of it."""

    def reported(self, route: Sequence[str]) -> Sequence[str]:
        """Give the providers whose settlements are read: each one that may have taken money."""
        return route

    def counts(self, line: SettledLine) -> bool:
        """Say whether a line is booked; what is not of the payout's currency or is the payout is none."""
        return line.kind != "payout"

    def term(self, line: SettledLine) -> str:
        """Give the term of the settlement that a line belongs to."""
        return _CATEGORIES.get(line.category, "adjusted")

    def fee_minor(self, line: SettledLine) -> int:
        """Give what the provider kept of a line, minor units: as it says, never as we would reckon."""
        return line.fee_minor
