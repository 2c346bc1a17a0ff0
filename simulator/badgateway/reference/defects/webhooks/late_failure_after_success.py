"""The planted defect late-failure-after-success."""

from __future__ import annotations

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice


class LateFailureAfterSuccess(Defect):
    """The failure of the first attempt, told late, takes an order back that a second attempt has paid.

    In the field: woocommerce-gateway-stripe#902, PR#905; adyen-shopware6#311, PR#451; themeum/tutor
    PR#2360.
    """

    id = "late-failure-after-success"
    policy = "apply_event"
    breaks = "E3"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a policy that believes every failure about the whole order."""
        return _FailureIsFinal()


class _FailureIsFinal(ApplyEvent):
    def order_status(self, _current: str, derived: str, notice: Notice | None) -> str:
        return "FAILED" if notice and notice.type == "payment_intent.payment_failed" else derived
