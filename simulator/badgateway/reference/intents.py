"""Durable intents: what we decided to ask of the provider is on disk before the first byte is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, update

from badgateway.reference.records import Attempt, Intent, intents_where
from badgateway.reference.service import Service
from badgateway.reference.states import MOVING, State
from badgateway.reference.tables import intents


def record_intent(
    tx: Connection,
    service: Service,
    kind: str,
    attempt: Attempt,
    params: Mapping[str, Any],
    refund_id: int | None = None,
) -> Intent:
    """Write down one call with its key, for every try to use."""
    values = {
        "kind": kind, "order_id": attempt.order_id, "attempt_id": attempt.id, "refund_id": refund_id,
        "key": service.policies.retry_keys.for_intent(), "params": json.dumps(params), "state": "OPEN",
        "is_doubtful": False, "created_ms": service.clock.wall_ms(),
    }  # fmt: skip
    made = tx.execute(insert(intents).values(values)).inserted_primary_key
    assert made is not None
    return intents_where(tx, intents.c.id == made[0])[0]


def open_intents(tx: Connection, order_id: int) -> list[Intent]:
    """Give the calls of an order that have no outcome yet."""
    return intents_where(tx, intents.c.order_id == order_id, intents.c.state == "OPEN")


def close_intent(tx: Connection, intent: Intent, state: str) -> bool:
    """Close an intent as DONE, REFUSED or GIVEN_UP; says whether it was still open."""
    found = update(intents).where(intents.c.id == intent.id, intents.c.state == "OPEN")
    return tx.execute(found.values(state=state)).rowcount == 1


def close_answered(tx: Connection, attempt: Attempt) -> None:
    """Close the calls that the state of an attempt has answered, however we came to know it."""
    answered = ("pay",) if attempt.state in MOVING else ("pay", "capture", "void")
    if attempt.state not in {State.SENT, State.UNKNOWN}:
        found = intents.c.attempt_id == attempt.id, intents.c.state == "OPEN", intents.c.kind.in_(answered)
        tx.execute(update(intents).where(*found).values(state="DONE"))


def close_refund(tx: Connection, refund_id: int) -> None:
    """Close the call for a refund that the provider has shown to us."""
    tx.execute(
        update(intents)
        .where(intents.c.refund_id == refund_id, intents.c.state == "OPEN")
        .values(state="DONE")
    )


def mark_doubtful(tx: Connection, intent: Intent) -> None:
    """Remember that a try of this intent may have been carried out."""
    tx.execute(update(intents).where(intents.c.id == intent.id).values(is_doubtful=True))
