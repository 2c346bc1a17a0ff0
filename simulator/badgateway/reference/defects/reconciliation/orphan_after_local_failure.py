"""The planted defect orphan-after-local-failure."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from badgateway.reference.defects.base import Defect
from badgateway.reference.recovery import Recovery
from badgateway.reference.states import State
from badgateway.reference.tables import attempts, intents, orders


class OrphanAfterLocalFailure(Defect):
    """What was under way when the process died is rolled back at its start, charged or not.

    In the field: codecombat#1906; gumroad PR#4829; artsy/exchange PR#394.
    """

    id = "orphan-after-local-failure"
    policy = "recovery"
    breaks = "M5"

    @classmethod
    def make(cls) -> Recovery:
        """Make a policy that takes no unfinished call for one that may have been carried out."""
        return _RollsBack()


class _RollsBack(Recovery):
    def at_start(self, tx: Connection) -> None:
        unfinished = attempts.c.state == State.SENT.value
        owners = select(attempts.c.order_id).where(unfinished)
        tx.execute(update(orders).where(orders.c.id.in_(owners)).values(status="UNPAID"))
        tx.execute(delete(intents).where(intents.c.attempt_id.in_(select(attempts.c.id).where(unfinished))))
        tx.execute(delete(attempts).where(unfinished))
