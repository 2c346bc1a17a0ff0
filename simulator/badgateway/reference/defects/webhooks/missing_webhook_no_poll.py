"""The planted defect missing-webhook-no-poll."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.recovery import Recovery


class MissingWebhookNoPoll(Defect):
    """It waits to be told: no poller, no sync, no look at the return, so a lost event is lost for good.

    In the field: pretix/pretix#1189 (why both are needed); paypal/mirakl-hyperwallet-connector#68;
    saleor/saleor-docs#990; the-events-calendar/event-tickets PR#4466.
    """

    id = "missing-webhook-no-poll"
    policy = "recovery"
    breaks = "M5"

    @classmethod
    def make(cls) -> Recovery:
        """Make a policy that never asks."""
        return _NeverAsks()


class _NeverAsks(Recovery):
    def asks_on(self, _occasion: str) -> bool:
        return False
