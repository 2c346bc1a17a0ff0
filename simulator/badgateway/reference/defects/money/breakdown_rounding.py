"""The planted defect breakdown-rounding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from badgateway.reference.breakdown import Breakdown
from badgateway.reference.defects.base import Defect


class BreakdownRounding(Defect):
    """Lines, tax and discount are rounded one by one; their sum is a cent off, and the sale is refused.

    In the field: woocommerce-paypal-payments#1508, PR#721; magento2#24233; OXID paypal-module PR#335.
    """

    id = "breakdown-rounding"
    policy = "breakdown"
    breaks = "M3"

    @classmethod
    def make(cls) -> Breakdown:
        """Make parts that are rounded alone."""
        return _RoundedAlone()


class _RoundedAlone(Breakdown):
    def rounded(self, exact: list[Decimal], total_minor: int, step: int) -> list[int]:  # noqa: ARG002 - the mistake itself
        return [int(part.to_integral_value(ROUND_HALF_UP)) for part in exact]
