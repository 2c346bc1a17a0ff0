"""Which line of the settlement belongs to a charge or refund; there is none before it is settled."""

from __future__ import annotations

from badgateway.payments.model import Payment
from badgateway.payments.settlement import Line, Settlement
from badgateway.providers.base import Account


def settlement_of(account: Account) -> Settlement | None:
    """Give the settlement of an account; a read replica that is behind knows of none."""
    found: Settlement | None = getattr(account.book, "settlement", None)
    return found


def line_of_charge(payment: Payment, account: Account) -> str | None:
    """Give the id of the balance transaction of a payment's last charge; those before it have none."""
    settlement = settlement_of(account)
    lines = settlement.lines_of_payment(payment.id) if settlement is not None else []
    return _first(lines, "capture") if lines else None


def line_of_refund(refund_id: str, account: Account, kind: str = "refund") -> str | None:
    """Give the id of the balance transaction of a refund, or of its return."""
    settlement = settlement_of(account)
    lines = settlement.lines_of_refund(refund_id) if settlement is not None else []
    return _first(lines, kind) if lines else None


def lines_of_dispute(dispute_id: str, account: Account) -> list[Line]:
    """Give the lines that a dispute took from the balance, and gave back to it."""
    settlement = settlement_of(account)
    return settlement.lines_of_dispute(dispute_id) if settlement is not None else []


def _first(lines: list[Line], kind: str) -> str | None:
    return next((line.id for line in lines if line.kind == kind), None)
