"""Rows of the books as plain records, and the queries that find them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from badgateway.reference.states import State
from badgateway.reference.tables import attempts, disputes, intents, orders, refunds


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the merchant."""

    id: int
    merchant: str
    reference: str
    amount_minor: int
    currency: str
    capture: str
    base_currency: str
    base_minor: int
    cart: str | None
    is_raisable: bool
    shopper_name: str
    shopper_email: str
    status: str
    is_cancelled: bool
    created_ms: int
    updated_ms: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to be paid for an order."""

    id: int
    order_id: int
    n: int
    route: str
    method: str
    amount_minor: int
    currency: str
    state: State
    live_slot: int | None
    provider_id: str | None
    redirect_url: str | None
    failure_code: str | None
    advice: str | None
    failed_checks: str | None
    gateway_id: str | None
    expected_minor: int
    captured_minor: int
    changed_ms: int
    version: int
    created_ms: int


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that we decided to ask of the provider, with the key that every try carries."""

    id: int
    kind: str
    order_id: int
    attempt_id: int
    refund_id: int | None
    key: str
    params: str
    state: str
    is_doubtful: bool
    created_ms: int


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund, asked for by us or found at the provider."""

    id: int
    order_id: int
    attempt_id: int
    reference: str
    amount_minor: int
    state: str
    provider_id: str | None
    created_ms: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """One chargeback."""

    id: int
    order_id: int
    attempt_id: int
    provider_id: str
    amount_minor: int
    state: str


def _attempt(row: Row[Any]) -> Attempt:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's columns
    return Attempt(**{**values, "state": State(values["state"])})


def find_order(tx: Connection, reference: str) -> Order | None:
    """Find an order by the merchant's reference."""
    row = tx.execute(select(orders).where(orders.c.reference == reference)).first()
    return Order(**row._mapping) if row else None  # noqa: SLF001 - as above


def get_order(tx: Connection, order_id: int) -> Order:
    """Read an order that exists."""
    return Order(**tx.execute(select(orders).where(orders.c.id == order_id)).one()._mapping)  # noqa: SLF001 - as above


def attempts_where(tx: Connection, *conditions: ColumnElement[bool]) -> list[Attempt]:
    """Read attempts in the order in which they were made."""
    return [_attempt(row) for row in tx.execute(select(attempts).where(*conditions).order_by(attempts.c.id))]


def attempts_of(tx: Connection, order_id: int) -> list[Attempt]:
    """Read all attempts of an order."""
    return attempts_where(tx, attempts.c.order_id == order_id)


def find_attempt(tx: Connection, provider_id: str | None) -> Attempt | None:
    """Find an attempt by the provider's id."""
    found = attempts_where(tx, attempts.c.provider_id == provider_id) if provider_id else []
    return found[0] if found else None


def intents_where(tx: Connection, *conditions: ColumnElement[bool]) -> list[Intent]:
    """Read intents in the order in which they were made."""
    rows = tx.execute(select(intents).where(*conditions).order_by(intents.c.id))
    return [Intent(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def refunds_where(tx: Connection, *conditions: ColumnElement[bool]) -> list[Refund]:
    """Read refunds in the order in which they were made."""
    rows = tx.execute(select(refunds).where(*conditions).order_by(refunds.c.id))
    return [Refund(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def disputes_where(tx: Connection, *conditions: ColumnElement[bool]) -> list[Dispute]:
    """Read disputes."""
    rows = tx.execute(select(disputes).where(*conditions).order_by(disputes.c.id))
    return [Dispute(**row._mapping) for row in rows]  # noqa: SLF001 - as above
