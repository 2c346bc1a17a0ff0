"""The planted defect pending-as-paid."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.order_status import OrderStatus
from badgateway.reference.states import OrderFacts, State


class PendingAsPaid(Defect):
    """A payment that is still being processed counts as paid, and the goods leave.

    In the field: Attendize#204; craftcms/commerce#419; medusa#14205 (completed on a status that is not
    final).
    """

    id = "pending-as-paid"
    policy = "order_status"
    breaks = "M4"

    @classmethod
    def make(cls) -> OrderStatus:
        """Make a status that takes a promise for money."""
        return _NoErrorIsPaid()


class _NoErrorIsPaid(OrderStatus):
    def derive(self, known: OrderFacts) -> str:
        derived = super().derive(known)
        is_promised = any(attempt.state is State.PROCESSING for attempt in known.attempts)
        return "PAID" if derived == "PENDING" and is_promised else derived
