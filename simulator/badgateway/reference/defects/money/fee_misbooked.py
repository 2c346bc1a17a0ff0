"""The planted defect fee-misbooked."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.settled import SettledLine
from badgateway.reference.settling import Settling

_SHARE = 15, 1_000  # what the contract says that the provider keeps of a payment


class FeeMisbooked(Defect):
    """A refund is booked as if the provider gave its share of the fee back, which it keeps.

    In the field: alfio-event/alf.io#739; opencollective/opencollective#5194; dancerfly/django-brambling#344.
    """

    id = "fee-misbooked"
    policy = "settling"
    breaks = "M11"

    @classmethod
    def make(cls) -> Settling:
        """Make fees that come back with the money."""
        return _FeeReturned()


class _FeeReturned(Settling):
    def fee_minor(self, line: SettledLine) -> int:
        if self.term(line) != "refunded":
            return super().fee_minor(line)
        share, whole = _SHARE
        return line.gross_minor * share // whole
