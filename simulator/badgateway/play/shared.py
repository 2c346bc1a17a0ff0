"""What an account shows that several plays share: to a look that names none of them, the objects of all."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from badgateway.payments.book import Book
from badgateway.payments.model import Dispute, Payment, Refund
from badgateway.payments.replica import Gathered
from badgateway.play.account import Account

Found = TypeVar("Found")


class SharedBook(Gathered, Book):  # type: ignore[misc] # what it gathers are tuples, a book's own are read lazily
    """The books of several plays, read as one; nothing is ever done in it."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        super().__init__(accounts[0].clock, accounts[0].ids)
        self._books = tuple(account.book for account in accounts)

    def payment(self, payment_id: str) -> Payment | None:
        """Give a payment as it is now, or None."""
        return self._first(lambda book: book.payment(payment_id))

    def refund(self, refund_id: str) -> Refund | None:
        """Give a refund as it is now, or None."""
        return self._first(lambda book: book.refund(refund_id))

    def dispute(self, dispute_id: str) -> Dispute | None:
        """Give a dispute as it is now, or None."""
        return self._first(lambda book: book.dispute(dispute_id))

    def payments(self) -> tuple[Payment, ...]:  # type: ignore[override] # as above
        """Give all payments, oldest first."""
        every = (payment for book in self._books for payment in book.payments())
        return tuple(sorted(every, key=lambda payment: payment.created_ms))

    def refunds_of(self, payment_id: str) -> tuple[Refund, ...]:
        """Give the refunds of one payment, oldest first."""
        return tuple(refund for book in self._books for refund in book.refunds_of(payment_id))

    def disputes_of(self, payment_id: str) -> tuple[Dispute, ...]:
        """Give the disputes of one payment, oldest first."""
        return tuple(dispute for book in self._books for dispute in book.disputes_of(payment_id))

    def payment_of_attempt(self, attempt_id: str) -> Payment | None:
        """Give the payment that was tried to be charged by an attempt, or None."""
        return self._first(lambda book: book.payment_of_attempt(attempt_id))

    def _first(self, look: Callable[[Book], Found | None]) -> Found | None:
        return next((found for book in self._books if (found := look(book)) is not None), None)


def shared(accounts: Sequence[Account]) -> Account:
    """Give an account that shows what these hold together, for looks only."""
    first = accounts[0]
    names = dict.fromkeys(name for account in accounts for name in account.shelf)
    shelf = {
        name: _joined([one.shelf[name] for one in accounts if one.shelf.get(name) is not None])
        for name in names
    }
    return replace(first, book=SharedBook(accounts), shelf=shelf)


def _joined(shelves: Sequence[Any]) -> Any:
    """Put the objects of several shelves on a new one."""
    first = shelves[0]
    if not is_dataclass(first) or isinstance(first, type):
        return first
    values = {one.name: [getattr(shelf, one.name) for shelf in shelves] for one in fields(first)}
    joined = {
        name: {key: item for part in parts for key, item in part.items()}
        if isinstance(parts[0], MutableMapping)
        else parts[0]
        for name, parts in values.items()
    }
    return replace(first, **joined)
