"""What Adyen has told us, kept for good: it has no address where a payment could be looked up again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, ColumnElement, Integer, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from badgateway.reference.store import Store
from badgateway.reference.tables import metadata

ASKED, REPLY = "ASKED", "REPLY"  # beside the eventCodes: what we asked for, and the answer to it

facts = Table(
    "adyen_facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unique_key", String, nullable=False, unique=True),
    Column("merchant", String, nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("psp", String, nullable=False),  # of the thing itself: a payment, a capture, a refund
    Column("payment_psp", String, nullable=False, index=True),  # of its payment; empty while nobody knows it
    Column("reference", String, nullable=False, index=True),  # the payment's, by which we know it
    Column("is_success", Boolean, nullable=False),
    Column("amount_minor", Integer, nullable=False),
    Column("currency", String, nullable=False),
    Column("detail", String, nullable=False),  # capture mode, result code, reason, or what a reversal did
    Column("at_ms", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was told, or that we have asked for."""

    code: str
    psp: str
    payment_psp: str
    reference: str
    is_success: bool
    amount_minor: int
    currency: str
    detail: str = ""
    at_ms: int = 0

    @property
    def key(self) -> str:
        """Give what is unique about it: Adyen says that a notification is known by these."""
        word = "true" if self.is_success else "false"
        return f"{self.code}:{self.psp or self.reference}:{word}"


class Mirror:
    """The facts of one merchant."""

    def __init__(self, store: Store, merchant: str) -> None:
        self._store, self._merchant = store, merchant

    def keep(self, fact: Fact) -> None:
        """Write a fact down; one that is known already changes nothing."""
        row = {name: getattr(fact, name) for name in Fact.__dataclass_fields__}
        row |= {"unique_key": f"{self._merchant}:{fact.key}", "merchant": self._merchant}
        with self._store.write() as tx:
            tx.execute(insert(facts).values(row).on_conflict_do_nothing())

    def of_payment(self, psp: str) -> list[Fact]:
        """Give what is known of a payment, with what was asked for under its reference."""
        found = self._where(facts.c.payment_psp == psp)
        references = {fact.reference for fact in found if fact.reference}
        asked = self._where(facts.c.code == ASKED, facts.c.reference.in_(references)) if references else []
        return [*asked, *(fact for fact in found if fact.code != ASKED)]

    def of_thing(self, psp: str) -> list[Fact]:
        """Give what is known of a capture, a cancellation, a refund or a dispute."""
        return self._where(facts.c.psp == psp)

    def payments_since(self, at_ms: int) -> list[str]:
        """Give the references that Adyen has given to payments since a moment, newest first."""
        found = self._where(facts.c.payment_psp != "", facts.c.at_ms >= at_ms)
        return list(dict.fromkeys(fact.payment_psp for fact in reversed(found)))

    def _where(self, *conditions: ColumnElement[bool]) -> list[Fact]:
        wanted = select(facts).where(facts.c.merchant == self._merchant, *conditions).order_by(facts.c.id)
        with self._store.read() as tx:
            rows = tx.execute(wanted).all()
        return [Fact(**{name: getattr(row, name) for name in Fact.__dataclass_fields__}) for row in rows]
