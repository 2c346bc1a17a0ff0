"""The planted defect unknown-as-success."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from badgateway.reference.apply_event import ApplyEvent, read_snapshot
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation
from badgateway.reference.states import State

# The words for which something else than "paid" was written down.
_UNPAID = frozenset(
    {
        "canceled",
        "processing",
        "requires_action",
        "requires_capture",
        "requires_confirmation",
        "requires_payment_method",
    }
)


class UnknownAsSuccess(Defect):
    """The last branch of the mapping, meant for `succeeded`, takes every status that nobody has thought of.

    In the field: juspay/hyperswitch-prism PR#541 (found in review).
    """

    id = "unknown-as-success"
    policy = "apply_event"
    breaks = "H2"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a mapping whose else is a success."""
        return _ElseIsPaid()


class _ElseIsPaid(ApplyEvent):
    def observe(self, notice: Notice, look: Callable[[Notice], Observation]) -> Observation:
        word = notice.snapshot.get("status")
        if notice.kind != "payment_intent" or word in _UNPAID or word in {None, "succeeded"}:
            return super().observe(notice, look)
        told = read_snapshot(notice).payment
        assert told is not None, "the snapshot of such an event is a payment"
        return Observation(payment=replace(told, state=State.SUCCEEDED, captured_minor=told.amount_minor))
