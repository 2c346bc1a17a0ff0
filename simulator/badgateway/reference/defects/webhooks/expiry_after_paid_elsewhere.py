"""The planted defect expiry-after-paid-elsewhere."""

from __future__ import annotations

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice


class ExpiryAfterPaidElsewhere(Defect):
    """The end of an abandoned attempt cancels an order that was paid another way meanwhile.

    In the field: mollie/WooCommerce#668; mollie/PrestaShop#424.
    """

    id = "expiry-after-paid-elsewhere"
    policy = "apply_event"
    breaks = "E3"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a policy that takes the end of one attempt for the end of the order."""
        return _EndOfAnAttemptIsTheEnd()


class _EndOfAnAttemptIsTheEnd(ApplyEvent):
    def order_status(self, _current: str, derived: str, notice: Notice | None) -> str:
        return "CANCELLED" if notice and notice.type == "payment_intent.canceled" else derived
