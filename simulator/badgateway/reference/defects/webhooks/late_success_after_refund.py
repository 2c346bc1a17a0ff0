"""The planted defect late-success-after-refund."""

from __future__ import annotations

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice


class LateSuccessAfterRefund(Defect):
    """A success that is told after the refund makes a refunded order paid again.

    In the field: mollie/WooCommerce PR#1049; pretix PR#4911.
    """

    id = "late-success-after-refund"
    policy = "apply_event"
    breaks = "E3"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a policy that believes every success about the whole order."""
        return _SuccessIsFinal()


class _SuccessIsFinal(ApplyEvent):
    def order_status(self, _current: str, derived: str, notice: Notice | None) -> str:
        return "PAID" if notice and notice.type == "payment_intent.succeeded" else derived
