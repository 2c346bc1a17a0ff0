"""What is learnt from an event: where to look, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation, read_dispute, read_payment, read_refund


class ApplyEvent:
    """Ask the provider what is true now, so that stale and out-of-order events do no harm."""

    def observe(self, notice: Notice, look: Callable[[Notice], Observation]) -> Observation:
        """Give what an event leads to: a fresh look, or its own content where it need not be a hint."""
        return look(notice) if notice.is_hint else read_snapshot(notice)

    def order_status(self, _current: str, derived: str, _notice: Notice | None) -> str:
        """Give the status of the order after an event: what all that is known amounts to."""
        return derived


def read_snapshot(notice: Notice) -> Observation:
    """Read the object that an event carries, as it was when the event was made."""
    if notice.kind == "payment_intent":
        return Observation(payment=read_payment(notice.snapshot))
    if notice.kind == "refund":
        return Observation(refunds=(read_refund(notice.snapshot),))
    if notice.kind == "dispute":
        dispute = read_dispute(notice.snapshot)
        return Observation(disputes=(dispute,) if dispute else ())
    return Observation()
