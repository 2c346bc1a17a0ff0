"""The planted defect out-of-order-regress."""

from __future__ import annotations

from collections.abc import Callable

from badgateway.reference.apply_event import ApplyEvent, read_snapshot
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation

# The status that each type of event stands for, as if events came in the order of what they tell.
_WORDS = {
    "payment_intent.processing": "PENDING",
    "payment_intent.requires_action": "PENDING",
    "payment_intent.amount_capturable_updated": "AUTHORIZED",
    "payment_intent.succeeded": "PAID",
    "payment_intent.payment_failed": "FAILED",
    "payment_intent.canceled": "CANCELLED",
}
_REPEATS = frozenset({"refund.updated", "charge.refund.updated"})


class OutOfOrderRegress(Defect):
    """An event is taken at its word, and the last one to arrive decides the status of the order.

    In the field: laravel/cashier-stripe#1201 (created delivered after updated);
    paypal/mirakl-hyperwallet-connector#35; stripe/stripe-cli#418.
    """

    id = "out-of-order-regress"
    policy = "apply_event"
    breaks = "E2"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a policy that believes the last event."""
        return _LastEventWins()


class _LastEventWins(ApplyEvent):
    def observe(self, notice: Notice, _look: Callable[[Notice], Observation]) -> Observation:
        return read_snapshot(notice)

    def order_status(self, current: str, derived: str, notice: Notice | None) -> str:
        if notice is None:
            return derived
        return current if notice.type in _REPEATS else _WORDS.get(notice.type, derived)
