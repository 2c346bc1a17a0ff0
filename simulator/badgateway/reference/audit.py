"""The audit trail: every change of an order, each row chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, insert, select

from badgateway.reference.tables import audit
from badgateway.reference.tracing import current

_START = "0" * 64


def note(tx: Connection, at_ms: int, order_reference: str | None, what: str, **detail: object) -> None:
    """Add one row, inside the transaction whose change it tells of."""
    before = tx.execute(select(audit.c.chain).order_by(audit.c.seq.desc()).limit(1)).scalar() or _START
    text = json.dumps(detail, sort_keys=True, default=str)
    cause = current()
    row = {
        "at_ms": at_ms,
        "order_reference": order_reference,
        "what": what,
        "detail": text,
        "actor": cause.actor,
        "correlation": cause.correlation,
    }
    tx.execute(insert(audit).values(**row, chain=_link(before, *row.values())))


def changes_of(tx: Connection, order_reference: str, newest: int = 20) -> list[dict[str, Any]]:
    """Give the last changes of an order, oldest first."""
    rows = tx.execute(
        select(audit.c.at_ms, audit.c.what, audit.c.detail, audit.c.actor, audit.c.correlation)
        .where(audit.c.order_reference == order_reference)
        .order_by(audit.c.seq.desc())
        .limit(newest)
    ).all()
    return [
        {
            "at_ms": row.at_ms,
            "what": row.what,
            "detail": json.loads(row.detail),
            "actor": row.actor,
            "correlation": row.correlation,
        }
        for row in reversed(rows)
    ]


def first_broken_link(tx: Connection) -> int | None:
    """Give the first row that does not follow from the one before, or None where the chain is whole."""
    before = _START
    for row in tx.execute(select(audit).order_by(audit.c.seq)):
        said = (row.at_ms, row.order_reference, row.what, row.detail, row.actor, row.correlation)
        if row.chain != _link(before, *said):
            return int(row.seq)
        before = row.chain
    return None


def _link(before: str, *said: object) -> str:
    text = "\x1f".join((before, *(str(part or "") for part in said)))
    return hashlib.sha256(text.encode()).hexdigest()
