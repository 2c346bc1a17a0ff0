"""The planted defect refund-failed-shown-done."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.states import StateRules


class RefundFailedShownDone(Defect):
    """A refund that was accepted counts as done, though the bank sends it back days later.

    In the field: woocommerce-payments#312, #10056; woocommerce-gateway-stripe#4405; solidus_stripe#265;
    mollie/api-documentation#722.
    """

    id = "refund-failed-shown-done"
    policy = "state_rules"
    breaks = "M8"

    @classmethod
    def make(cls) -> StateRules:
        """Make rules under which a refund that was accepted is done."""
        return _RefundsNeverFail()


class _RefundsNeverFail(StateRules):
    def allows_refund(self, current: str, seen: str) -> bool:
        return seen != "FAILED" and super().allows_refund(current, seen)
