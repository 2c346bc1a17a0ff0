"""A book as it was: what a read replica answers that has not heard of the newest changes yet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from badgateway.payments.model import Attempt, Dispute, Payment, Refund

Record = TypeVar("Record")

CHANGES_MAX = 1_000  # so far back can a replica be; what changed before then it has heard of


class Was(Struct, frozen=True, gc=False):
    """What one change found: the payment, and the refund or dispute that it was about; None: not there."""

    payment_id: str
    payment: Payment | None
    part_id: str | None = None
    refund: Refund | None = None
    dispute: Dispute | None = None


class Present(Protocol):
    """A book as it is, which a replica differs from in what has changed since."""

    def payment(self, payment_id: str) -> Payment | None:
        """Give a payment."""

    def refund(self, refund_id: str) -> Refund | None:
        """Give a refund."""

    def dispute(self, dispute_id: str) -> Dispute | None:
        """Give a dispute."""

    def payments(self) -> Iterable[Payment]:
        """Give all payments, oldest first."""

    def refunds_of(self, payment_id: str) -> tuple[Refund, ...]:
        """Give the refunds of a payment."""

    def disputes_of(self, payment_id: str) -> tuple[Dispute, ...]:
        """Give the disputes of a payment."""

    def payment_of_attempt(self, attempt_id: str) -> Payment | None:
        """Give the payment of an attempt."""


class Past:
    """What the newest changes of a book have found, the oldest first."""

    def __init__(self) -> None:
        self._changes: deque[Was] = deque(maxlen=CHANGES_MAX)
        self.keep = self._changes.append  # keeps what one more change has found

    def before(self, changes: int, book: Present, payment_id: str | None = None) -> Replica:
        """Give the book as it was before so many of the newest changes of a payment, or of all payments."""
        left, depth = changes, 0
        for number, one in enumerate(reversed(self._changes), start=1):
            if left and payment_id in {None, one.payment_id}:
                left, depth = left - 1, number
        return Replica(book, list(self._changes)[len(self._changes) - depth :])


class Gathered(ABC):
    """The lists of a book that is gone through payment by payment."""

    @abstractmethod
    def payments(self) -> Sequence[Payment]:
        """Give all payments, oldest first."""

    @abstractmethod
    def refunds_of(self, payment_id: str) -> tuple[Refund, ...]:
        """Give the refunds of one payment, oldest first."""

    @abstractmethod
    def disputes_of(self, payment_id: str) -> tuple[Dispute, ...]:
        """Give the disputes of one payment, oldest first."""

    def attempts(self) -> tuple[tuple[Attempt, Payment], ...]:
        """Give all attempts with their payments, oldest first."""
        found = ((attempt, payment) for payment in self.payments() for attempt in payment.attempts)
        return tuple(sorted(found, key=lambda one: one[0].created_ms))

    def refunds(self) -> tuple[Refund, ...]:
        """Give all refunds, oldest first."""
        found = (refund for payment in self.payments() for refund in self.refunds_of(payment.id))
        return tuple(sorted(found, key=lambda one: one.created_ms))

    def disputes(self) -> tuple[Dispute, ...]:
        """Give all disputes, oldest first."""
        found = (dispute for payment in self.payments() for dispute in self.disputes_of(payment.id))
        return tuple(sorted(found, key=lambda one: one.created_ms))


class Replica(Gathered):
    """A book that can only be read, and answers as it would have answered before some changes."""

    decide = staticmethod(lambda _payment: None)  # whoever reads is asked no decision

    def __init__(self, book: Present, since: Iterable[Was]) -> None:
        self._book = book
        self._payments: dict[str, Payment | None] = {}
        self._refunds: dict[str, Refund | None] = {}
        self._disputes: dict[str, Dispute | None] = {}
        for was in since:
            # The first change that is not known found what is still believed.
            self._payments.setdefault(was.payment_id, was.payment)
            if was.part_id is not None:
                self._refunds.setdefault(was.part_id, was.refund)
                self._disputes.setdefault(was.part_id, was.dispute)

    def payment(self, payment_id: str) -> Payment | None:
        """Give a payment as it was, or None."""
        return _believed(payment_id, self._payments, self._book.payment)

    def refund(self, refund_id: str) -> Refund | None:
        """Give a refund as it was, or None."""
        return _believed(refund_id, self._refunds, self._book.refund)

    def dispute(self, dispute_id: str) -> Dispute | None:
        """Give a dispute as it was, or None."""
        return _believed(dispute_id, self._disputes, self._book.dispute)

    def payments(self) -> tuple[Payment, ...]:
        """Give all payments that there were, oldest first."""
        known = (self._payments.get(one.id, one) for one in self._book.payments())
        return tuple(one for one in known if one is not None)

    def refunds_of(self, payment_id: str) -> tuple[Refund, ...]:
        """Give the refunds of one payment that there were, oldest first."""
        known = (self._refunds.get(one.id, one) for one in self._book.refunds_of(payment_id))
        return tuple(one for one in known if one is not None)

    def disputes_of(self, payment_id: str) -> tuple[Dispute, ...]:
        """Give the disputes of one payment that there were, oldest first."""
        known = (self._disputes.get(one.id, one) for one in self._book.disputes_of(payment_id))
        return tuple(one for one in known if one is not None)

    def payment_of_attempt(self, attempt_id: str) -> Payment | None:
        """Give the payment of an attempt as it was, or None where that attempt was not made yet."""
        now = self._book.payment_of_attempt(attempt_id)
        was = self.payment(now.id) if now is not None else None
        return was if was and any(one.id == attempt_id for one in was.attempts) else None


def _believed(
    known: str, then: dict[str, Record | None], now: Callable[[str], Record | None]
) -> Record | None:
    return then[known] if known in then else now(known)
