"""Whether a look is as new as the event that led to it, or of a copy that has not heard of it yet."""

from __future__ import annotations

from dataclasses import dataclass

from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation, read_dispute, read_payment, read_refund
from badgateway.reference.states import DISPUTE_RANK, REFUND_RANK, State

# A payment only ever climbs. States of one rank may follow each other in any order.
_RANK: dict[State | None, int] = {
    None: 0,
    State.ACTION: 1,
    State.PROCESSING: 1,
    State.FAILED: 1,
    State.AUTHORIZED: 2,
    State.SUCCEEDED: 3,
    State.CANCELLED: 3,
    State.EXPIRED: 3,
    State.REVERSED: 4,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the books held of a payment before a look."""

    version: int | None
    refunded_minor: int
    has_dispute: bool
    returned_minor: int = 0  # refunds that failed after all
    is_ours: bool = True  # the payment, or the order that an event names, is one of ours


def is_behind(notice: Notice, seen: Observation | None, known: Known) -> bool:
    """Say whether a look (None: the provider knows no such thing) shows less than the event tells."""
    if seen is None:
        return known.is_ours
    told = notice.snapshot
    if notice.kind == "payment_intent" and told and seen.payment is not None:
        return _RANK.get(seen.payment.state, 0) < _RANK.get(read_payment(told).state, 0)
    if notice.kind == "charge" and told and seen.payment is not None:
        returned = known.returned_minor + sum(
            one.amount_minor for one in seen.refunds if one.state in {"FAILED", "CANCELLED"}
        )
        refunded = read_payment({"id": "", **told, "latest_charge": told}).refunded_minor
        return seen.payment.captured_minor > 0 and seen.payment.refunded_minor + returned < refunded
    if notice.kind == "refund" and told and seen.refunds:
        return REFUND_RANK[seen.refunds[0].state] < REFUND_RANK[read_refund(told).state]
    if notice.kind == "dispute" and told and seen.disputes:
        before = read_dispute(told)
        return before is not None and DISPUTE_RANK[seen.disputes[0].state] < DISPUTE_RANK[before.state]
    return False
