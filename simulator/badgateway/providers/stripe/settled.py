"""Which line of the settlement belongs to a charge or refund; there is none before it is settled."""

from __future__ import annotations

from badgateway.payments.model import Attempt, Payment
from badgateway.payments.settlement import Line, Settlement
from badgateway.providers.base import Account


def settlement_of(account: Account) -> Settlement | None:
    """Give the settlement of an account; a read replica that is behind knows of none."""
    found: Settlement | None = getattr(account.book, "settlement", None)
    return found


def line_of_charge(attempt: Attempt, payment: Payment, account: Account) -> str | None:
    """Give the id of the balance transaction of a charge."""
    if not payment.attempts or payment.attempts[-1].id != attempt.id:
        return None
    lines = _lines(account)
    if not lines:
        return None
    found = (line for line in lines if line.payment_id == payment.id)
    return next((line.id for line in found if line.kind == "capture"), None)


def line_of_refund(refund_id: str, account: Account, kind: str = "refund") -> str | None:
    """Give the id of the balance transaction of a refund, or of its return."""
    found = (line for line in _lines(account) if line.refund_id == refund_id)
    return next((line.id for line in found if line.kind == kind), None)


def lines_of_dispute(dispute_id: str, account: Account) -> list[Line]:
    """Give the lines that a dispute took from the balance, and gave back to it."""
    return [line for line in _lines(account) if line.dispute_id == dispute_id]


def _lines(account: Account) -> tuple[Line, ...]:
    settlement = settlement_of(account)
    return settlement.lines() if settlement is not None else ()
