"""Which payment a refund or a dispute is a part of, for a provider that shows parts with their payment."""

from __future__ import annotations

from sqlalchemy import select

from badgateway.reference.store import Store
from badgateway.reference.tables import attempts, disputes, refunds


def payment_of_part(store: Store, part_id: str) -> str | None:
    """Give the provider's id of the payment that our books have a part of; None: we know none such."""
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
