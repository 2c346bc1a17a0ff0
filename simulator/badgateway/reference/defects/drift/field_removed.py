"""The planted defect field-removed."""

from __future__ import annotations

from collections.abc import Callable

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation


class FieldRemoved(Defect):
    """The handler reaches for the charge in the event of a payment, which the next version does not send.

    In the field: woocommerce/woocommerce-gateway-stripe#2488 and PR#2493; pay-rails/pay#753;
    strangerstudios/paid-memberships-pro PR#2367.
    """

    id = "field-removed"
    policy = "apply_event"
    breaks = "H2"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a handler that cannot do without a field that it hardly needs."""
        return _ChargeAtHand()


class _ChargeAtHand(ApplyEvent):
    def observe(self, notice: Notice, look: Callable[[Notice], Observation]) -> Observation:
        if notice.kind == "payment_intent" and notice.snapshot and notice.snapshot["latest_charge"] is None:
            return Observation()  # nothing was tried yet, so that there is nothing to look at
        return super().observe(notice, look)
