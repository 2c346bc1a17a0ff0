"""The planted defect settlement-mismatch."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.settled import SettledLine
from badgateway.reference.settling import Settling

_KNOWN = {"charge", "refund"}


class SettlementMismatch(Defect):
    """Only payments and refunds are booked: a reserve, a dispute or a correction stays unexplained.

    In the field: Automattic/woocommerce-payments#8588 (about 1.5 % of merchants).
    """

    id = "settlement-mismatch"
    policy = "settling"
    breaks = "M11"

    @classmethod
    def make(cls) -> Settling:
        """Make a settlement of payments and refunds alone."""
        return _PaymentsAlone()


class _PaymentsAlone(Settling):
    def counts(self, line: SettledLine) -> bool:
        return line.kind in _KNOWN
