"""What our own books say has moved at the provider, one movement each, as a settlement should tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from badgateway.reference.records import Attempt, attempts_where, disputes_where, get_order, refunds_where
from badgateway.reference.report_file import ReportRow
from badgateway.reference.states import State
from badgateway.reference.tables import attempts, disputes, refunds

NEWEST_MAX = 200  # payments among which a row that a report has left out is looked for
_GONE = frozenset({"FAILED", "CANCELLED", "REFUSED"})


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved. The amount is signed minor units of the currency that the shopper paid in."""

    kind: str  # charge | refund | dispute
    payment_id: str
    source_id: str | None
    order: str
    status: str  # of the order
    amount_minor: int
    currency: str
    merchant: str
    created_ms: int  # by our own clock
    route: str  # the provider at which it moved

    def is_told_by(self, row: ReportRow) -> bool:
        """Say whether a row is about this movement, whatever its amount."""
        is_it = (row.kind, row.payment_id) == (self.kind, self.payment_id)
        is_direction = (row.gross_minor < 0) == (self.amount_minor < 0)
        return is_it and is_direction and self.source_id in {None, row.source_id}


def movements(tx: Connection, payments: Sequence[str]) -> list[Movement]:
    """Give the movements of these payments and of the newest ones, oldest payments first.

    What undoes another movement is one of its own.
    """
    newest = select(attempts.c.id).order_by(attempts.c.id.desc()).limit(NEWEST_MAX)
    named = (attempts.c.provider_id.in_(payments), attempts.c.gateway_id.in_(payments))
    wanted = or_(*named, attempts.c.id.in_(newest))
    paid = attempts_where(tx, attempts.c.captured_minor > 0, attempts.c.provider_id.is_not(None), wanted)
    return [movement for attempt in paid for movement in _of(tx, attempt)]


def _of(tx: Connection, attempt: Attempt) -> Iterator[Movement]:
    # Where an orchestrator has sent it on, the report is that of the gateway, and has its names.
    order, payment = get_order(tx, attempt.order_id), attempt.gateway_id or str(attempt.provider_id)

    def moved(kind: str, source: str | None, amount_minor: int, created_ms: int) -> Movement:
        about = (kind, payment, source, order.reference, order.status)
        return Movement(*about, amount_minor, attempt.currency, order.merchant, created_ms, attempt.route)

    yield moved("charge", None, attempt.captured_minor, attempt.created_ms)
    if attempt.state is State.REVERSED:
        yield moved("charge", None, -attempt.captured_minor, attempt.created_ms)
    for refund in refunds_where(tx, refunds.c.attempt_id == attempt.id):
        if refund.provider_id is not None and refund.state != "REQUESTED":
            yield moved("refund", refund.provider_id, -refund.amount_minor, refund.created_ms)
            if refund.state in _GONE:
                yield moved("refund", refund.provider_id, refund.amount_minor, refund.created_ms)
    for dispute in disputes_where(tx, disputes.c.attempt_id == attempt.id):
        yield moved("dispute", dispute.provider_id, -dispute.amount_minor, attempt.created_ms)
        if dispute.state == "WON":
            yield moved("dispute", dispute.provider_id, dispute.amount_minor, attempt.created_ms)
