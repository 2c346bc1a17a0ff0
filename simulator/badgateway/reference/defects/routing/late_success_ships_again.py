"""The planted defect late-success-ships-again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from badgateway.reference.defects.base import Defect
from badgateway.reference.inbox import Inbox
from badgateway.reference.notice import Notice, notice_from_hint
from badgateway.reference.tables import inbox

_CHARGED = "TXN_CHARGED"


class LateSuccessShipsAgain(Defect):
    """Each transaction that its orchestrator reports as charged is a payment, and what was paid for is sent.

    In the field: a gateway that was given up settles late; its money goes back by itself, a parcel not.
    """

    id = "late-success-ships-again"
    policy = "inbox"
    breaks = "E1"

    @classmethod
    def make(cls) -> Inbox:
        """Make an inbox in which an effect belongs to a transaction, and not to its order."""
        return _PerTransaction()


class _PerTransaction(Inbox):
    def grant(self, tx: Connection, order_id: int, kind: str, notice: Notice | None, at_ms: int) -> bool:
        if notice is None or notice.type != _CHARGED:
            return super().grant(tx, order_id, kind, notice, at_ms)
        known = [notice_from_hint(hint) for hint in tx.execute(select(inbox.c.hint)).scalars()]
        told = {one.event_id for one in known if (one.type, one.payment_id) == (_CHARGED, notice.payment_id)}
        # The unique key of an effect is per order; here it is per transaction, from the second on.
        return super().grant(tx, order_id, kind, replace(notice, event_id=str(len(told))), at_ms)

    def effect_key(self, order_id: int, kind: str, notice: Notice | None) -> str | None:
        is_later = notice is not None and notice.type == _CHARGED and notice.event_id != "1"
        return (
            f"{order_id}:{kind}:{notice.event_id}"
            if notice is not None and is_later
            else f"{order_id}:{kind}"
        )
