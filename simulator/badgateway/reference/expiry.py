"""The expiry job: orders that their shoppers have left are cancelled, here and at the provider."""

from __future__ import annotations

from sqlalchemy import select, update

from badgateway.reference import audit
from badgateway.reference.learn import settle
from badgateway.reference.operations import carry_out_rest
from badgateway.reference.records import attempts_of, get_order
from badgateway.reference.service import Service
from badgateway.reference.tables import orders

_ROWS_MAX = 500


def expire_left(service: Service, order_id: int | None, now_ms: int | None) -> int:
    """Cancel what has waited too long for its shopper; gives how many orders were cancelled.

    `now_ms` is what a scheduler takes for now, milliseconds since 1970; a moment in the past expires nothing.
    Who pays at the same moment is not lost: money that arrives for a cancelled order goes back.
    """
    now_ms = max(now_ms or 0, service.clock.wall_ms())
    rules, life_ms = service.policies.expiring, service.settings.order_life_ms
    with service.store.read() as tx:
        pending = select(orders.c.id).where(orders.c.status == "PENDING", orders.c.is_cancelled.is_(False))
        if order_id is not None:
            pending = pending.where(orders.c.id == order_id)
        candidates = list(tx.execute(pending.limit(_ROWS_MAX)).scalars())
    expired = []
    for candidate in candidates:
        with service.store.write() as tx:
            order, tries = get_order(tx, candidate), attempts_of(tx, candidate)
            states = [attempt.state for attempt in tries]
            last_ms = max((attempt.changed_ms for attempt in tries), default=order.created_ms)
            if order.is_cancelled or not rules.waits_for_shopper(states):
                continue
            if not rules.is_due(now_ms - last_ms, life_ms):
                continue
            tx.execute(update(orders).where(orders.c.id == candidate).values(is_cancelled=True))
            audit.note(tx, service.clock.wall_ms(), order.reference, "expired")
            settle(tx, service, candidate)
        expired.append(candidate)
    for candidate in expired:
        carry_out_rest(service, candidate)
    return len(expired)
