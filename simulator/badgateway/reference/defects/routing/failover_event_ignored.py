"""The planted defect failover-event-ignored."""

from __future__ import annotations

from dataclasses import replace

from badgateway.reference.defects.base import Defect
from badgateway.reference.routing import Routing
from badgateway.reference.seen import PaymentSeen


class FailoverEventIgnored(Defect):
    """What the provider before tells is filed with the order and not booked: another one has it now.

    In the field: own-pay/OwnPay#183.
    """

    id = "failover-event-ignored"
    policy = "routing"
    breaks = "M5"

    @classmethod
    def make(cls) -> Routing:
        """Make a policy that listens to the order's current provider only."""
        return _Forgetful()


class _Forgetful(Routing):
    def news(self, seen: PaymentSeen, teller: str, current: str) -> PaymentSeen:
        return seen if teller == current else replace(seen, state=None, captured_minor=0)
