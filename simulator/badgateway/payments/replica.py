"""A book as it was: what a read replica answers that has not heard of the newest changes yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from badgateway.payments.change import Step
from badgateway.payments.model import Dispute, Payment, Refund

Record = TypeVar("Record")


class Versions(Generic[Record]):
    """Every version of every record of one kind, in the order in which they were made."""

    def __init__(self) -> None:
        self._kept: dict[str, list[tuple[int, Record]]] = {}

    def keep(self, n: int, record_id: str, record: Record) -> None:
        """Keep a version that the change of number `n` made."""
        self._kept.setdefault(record_id, []).append((n, record))

    def at(self, n: int) -> Mapping[str, Record]:
        """Give the records as they were right before the change of number `n`, oldest first."""
        found = {}
        for record_id, versions in self._kept.items():
            known = [record for made, record in versions if made < n]
            if known:
                found[record_id] = known[-1]
        return found


class Past:
    """What a book has been: its changes numbered from 1, each with what it made of whom."""

    def __init__(self) -> None:
        self.payments: Versions[Payment] = Versions()
        self.refunds: Versions[Refund] = Versions()
        self.disputes: Versions[Dispute] = Versions()
        self._changed: list[str] = []  # payment ids, change after change

    def keep(self, step: Step) -> None:
        """Keep one change: of a payment, and of its refund or dispute."""
        self._changed.append(step.payment.id)
        n = len(self._changed)
        self.payments.keep(n, step.payment.id, step.payment)
        if step.refund is not None:
            self.refunds.keep(n, step.refund.id, step.refund)
        if step.dispute is not None:
            self.disputes.keep(n, step.dispute.id, step.dispute)

    def before(self, changes: int, payment_id: str | None = None) -> Replica:
        """Give the book as it was before so many of the newest changes of a payment, or of all payments."""
        places = [n for n, one in enumerate(self._changed, start=1) if payment_id in {None, one}]
        behind = places[-changes:] if changes else []
        return Replica(self, behind[0] if behind else len(self._changed) + 1)


class Replica:
    """A book that can only be read, and answers as it would have answered then."""

    decide = staticmethod(lambda _payment: None)  # whoever reads is asked no decision

    def __init__(self, past: Past, n: int) -> None:
        self._payments = past.payments.at(n)
        self._refunds = past.refunds.at(n)
        self._disputes = past.disputes.at(n)

    def payment(self, payment_id: str) -> Payment | None:
        """Give a payment as it was, or None."""
        return self._payments.get(payment_id)

    def refund(self, refund_id: str) -> Refund | None:
        """Give a refund as it was, or None."""
        return self._refunds.get(refund_id)

    def dispute(self, dispute_id: str) -> Dispute | None:
        """Give a dispute as it was, or None."""
        return self._disputes.get(dispute_id)

    def payments(self) -> tuple[Payment, ...]:
        """Give all payments that there were, oldest first."""
        return tuple(self._payments.values())

    def refunds_of(self, payment_id: str) -> tuple[Refund, ...]:
        """Give the refunds of one payment that there were, oldest first."""
        return tuple(one for one in self._refunds.values() if one.payment_id == payment_id)

    def disputes_of(self, payment_id: str) -> tuple[Dispute, ...]:
        """Give the disputes of one payment that there were, oldest first."""
        return tuple(one for one in self._disputes.values() if one.payment_id == payment_id)
