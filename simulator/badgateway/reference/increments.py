"""Wishes to hold more of the shopper's money: what was asked for, and what of it was granted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, update

from badgateway.reference.records import Attempt, Intent
from badgateway.reference.tables import increments, intents

# Of which providers we know how a hold is asked to be raised.
ROUTES = frozenset({"stripe", "adyen"})


@dataclass(frozen=True, slots=True)
class Increment:
    """One wish to hold more, REQUESTED until it is GRANTED, DECLINED or REFUSED."""

    id: int
    order_id: int
    attempt_id: int
    reference: str
    amount_minor: int  # how much more
    total_minor: int  # what is to be held then
    state: str
    created_ms: int


def increments_where(tx: Connection, *conditions: ColumnElement[bool]) -> list[Increment]:
    """Read wishes in the order in which they were made."""
    rows = tx.execute(select(increments).where(*conditions).order_by(increments.c.id))
    return [Increment(**row._mapping) for row in rows]  # noqa: SLF001 - the documented way to a row's columns


def record_increment(tx: Connection, attempt: Attempt, more_minor: int, reference: str, now_ms: int) -> int:
    """Write down a wish, and give the total that it comes to."""
    total = attempt.amount_minor + more_minor
    values = {
        "order_id": attempt.order_id,
        "attempt_id": attempt.id,
        "reference": reference,
        "amount_minor": more_minor,
        "total_minor": total,
        "state": "REQUESTED",
        "created_ms": now_ms,
    }
    tx.execute(insert(increments).values(values))
    return total


def granted_minor(tx: Connection, order_id: int) -> int:
    """Give by how much the holds of an order were raised in all."""
    granted = increments_where(tx, increments.c.order_id == order_id, increments.c.state == "GRANTED")
    return sum(one.amount_minor for one in granted)


def held_minor(tx: Connection, attempt: Attempt, shown_minor: int) -> int:
    """Give what an attempt holds where the provider shows so much; a wish that it covers is granted.

    Nobody may hold more than was asked for, and a look may be behind: what was raised stays so.
    """
    mine = (increments.c.attempt_id == attempt.id, increments.c.state.in_(("REQUESTED", "GRANTED")))
    asked = increments_where(tx, *mine)
    if not asked:
        return min(attempt.amount_minor, shown_minor)
    held = max(attempt.amount_minor, min(shown_minor, max(one.total_minor for one in asked)))
    for one in asked:
        if one.state == "REQUESTED" and one.total_minor <= held:
            _close(tx, one, "GRANTED")
    return held


def conclude_increment(tx: Connection, intent: Intent, state: str) -> Increment | None:
    """Write down what became of the wish behind a call; None where that is known already."""
    waiting = (increments.c.attempt_id == intent.attempt_id, increments.c.state == "REQUESTED")
    found = increments_where(tx, *waiting)
    if not found:
        return None
    _close(tx, found[0], state)
    return found[0]


def _close(tx: Connection, one: Increment, state: str) -> None:
    tx.execute(update(increments).where(increments.c.id == one.id).values(state=state))
    if state == "GRANTED":
        mine = (intents.c.attempt_id == one.attempt_id, intents.c.kind == "increment")
        tx.execute(update(intents).where(*mine, intents.c.state == "OPEN").values(state="DONE"))
