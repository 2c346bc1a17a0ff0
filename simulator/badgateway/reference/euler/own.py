"""What our own books say of the parts of an order at Euler, which can only be looked up with their order."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from badgateway.reference.euler.names import request_id_of
from badgateway.reference.store import Store
from badgateway.reference.tables import attempts, disputes, refunds


def order_of_part(store: Store, part_id: str) -> str | None:
    """Give the order_id under which a refund or a chargeback is to be found; None: we know none such."""
    with store.read() as tx:
        for table in (refunds, disputes):
            wanted = (
                select(attempts.c.provider_id)
                .join(table, table.c.attempt_id == attempts.c.id)
                .where(table.c.provider_id == part_id)
            )
            found = tx.execute(wanted).scalar()
            if found is not None:
                return str(found)
    return None


def refund_names(store: Store, order_id: str) -> Mapping[str, str]:
    """Give our own references of the refunds of an order, by the unique_request_ids that stand for them."""
    wanted = (
        select(refunds.c.reference)
        .join(attempts, refunds.c.attempt_id == attempts.c.id)
        .where(attempts.c.provider_id == order_id)
    )
    with store.read() as tx:
        return {request_id_of(reference): reference for reference in tx.execute(wanted).scalars()}
