"""What our own books say of the refunds of an order at Euler, which shows them under names of our making."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from badgateway.reference.euler.names import request_id_of
from badgateway.reference.store import Store
from badgateway.reference.tables import attempts, refunds


def refund_names(store: Store, order_id: str) -> Mapping[str, str]:
    """Give our own references of the refunds of an order, by the unique_request_ids that stand for them."""
    wanted = (
        select(refunds.c.reference)
        .join(attempts, refunds.c.attempt_id == attempts.c.id)
        .where(attempts.c.provider_id == order_id)
    )
    with store.read() as tx:
        return {request_id_of(reference): reference for reference in tx.execute(wanted).scalars()}
