"""The outbox: what a transaction has granted is sent after it, each effect under its own key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import Connection, or_, select, update

from badgateway.reference.tables import effects, orders

if TYPE_CHECKING:
    from badgateway.reference.service import Service

_ROWS_MAX = 100
_DOORS = {"fulfilment": "fulfilment", "receipt": "mail", "stock": "stock"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One effect that is to be sent."""

    id: int
    kind: str
    unique_key: str
    reference: str
    amount_minor: int
    currency: str
    email: str


def send_due(service: Service) -> int:
    """Send what is due, each effect once; gives how many arrived. What fails is due at the next call."""
    if not service.settings.effects_url:
        return 0
    sent = 0
    for row in _claim(service):
        is_taken = _send(service, row)
        service.metrics.count("effects", row.kind, "sent" if is_taken else "not_sent")
        is_done = service.policies.sending.is_done(is_taken=is_taken)
        values = {"sent_ms": service.clock.wall_ms()} if is_done else {"claimed_ms": 0}
        with service.store.write() as tx:
            tx.execute(update(effects).where(effects.c.id == row.id).values(values))
        sent += is_taken
    return sent


def forget_claims(tx: Connection) -> None:
    """Let go of what was being sent when an earlier process ended; called at the start."""
    tx.execute(update(effects).where(effects.c.sent_ms.is_(None)).values(claimed_ms=0))


def _claim(service: Service) -> list[_Row]:
    """Take what nobody sends; a claim lapses, and what was sent all the same is known by its key."""
    now = service.clock.wall_ms()
    lapsed = now - 2 * service.settings.effect_timeout_ms
    due = (effects.c.sent_ms.is_(None), or_(effects.c.claimed_ms == 0, effects.c.claimed_ms < lapsed))
    with service.store.read() as tx:
        # Most requests earn nothing, and need not wait for the one writer to learn that.
        if tx.execute(select(effects.c.id).where(*due).limit(1)).first() is None:
            return []
    with service.store.write() as tx:
        rows = tx.execute(
            select(
                effects.c.id,
                effects.c.kind,
                effects.c.unique_key,
                orders.c.reference,
                orders.c.amount_minor,
                orders.c.currency,
                orders.c.shopper_email,
            )
            .join(orders, orders.c.id == effects.c.order_id)
            .where(*due)
            .order_by(effects.c.id)
            .limit(_ROWS_MAX)
        ).all()
        claimed = [_Row(*row) for row in rows]
        taken = effects.c.id.in_([row.id for row in claimed])
        tx.execute(update(effects).where(taken).values(claimed_ms=now))
    return claimed


def _send(service: Service, row: _Row) -> bool:
    """Say whether the effect was taken; no answer is no, and it is sent again with the same key."""
    service.store.assert_idle()
    parts = urlsplit(service.policies.effect_address.url(service.settings, _DOORS[row.kind]))
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=service.settings.effect_timeout_ms / 1000)
    body: dict[str, object] = {"reference": row.reference}
    body |= {"to": row.email} if row.kind == "receipt" else {}
    body |= {"amount_minor": row.amount_minor, "currency": row.currency}
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"{row.reference}:{row.unique_key}"}
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException) as problem:
        service.log("effect_not_sent", kind=row.kind, order=row.reference, reason=type(problem).__name__)
        return False
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        service.log("effect_not_sent", kind=row.kind, order=row.reference, status=answer.status)
    return 200 <= answer.status < 300
