"""The planted defect unknown-type-crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation

# What each type of event is about. Nobody wrote what to do with a type that is not here.
_KINDS = {
    **dict.fromkeys(
        (
            "charge.captured", "charge.expired", "charge.failed", "charge.pending", "charge.refunded",
            "charge.succeeded", "charge.updated",
        ),
        "charge",
    ),
    **dict.fromkeys(
        (
            "payment_intent.amount_capturable_updated", "payment_intent.canceled",
            "payment_intent.payment_failed", "payment_intent.processing", "payment_intent.requires_action",
            "payment_intent.succeeded",
        ),
        "payment_intent",
    ),
    **dict.fromkeys(("charge.refund.updated", "refund.created", "refund.failed", "refund.updated"), "refund"),
    **dict.fromkeys(
        (
            "charge.dispute.closed", "charge.dispute.created", "charge.dispute.funds_reinstated",
            "charge.dispute.funds_withdrawn", "charge.dispute.updated",
        ),
        "dispute",
    ),
}  # fmt: skip


class UnknownTypeCrash(Defect):
    """An event of a type that nobody has heard of raises, and so does every one of its retries.

    In the field: alphagov/pay-connector PR#6706; juspay/hyperswitch-prism PR#1835 (several incidents).
    """

    id = "unknown-type-crash"
    policy = "apply_event"
    breaks = "H2"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a dispatch table without an else."""
        return _TableWithoutElse()


class _TableWithoutElse(ApplyEvent):
    def observe(self, notice: Notice, look: Callable[[Notice], Observation]) -> Observation:
        return super().observe(replace(notice, kind=_KINDS[notice.type]), look)
