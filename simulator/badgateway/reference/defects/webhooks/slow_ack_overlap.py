"""The planted defect slow-ack-overlap."""

from __future__ import annotations

import threading

from sqlalchemy import Connection, insert, select

from badgateway.reference.clock import new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.inbox import Inbox
from badgateway.reference.notice import Notice
from badgateway.reference.store import Store
from badgateway.reference.tables import effects


class SlowAckOverlap(Defect):
    """All work is done before the answer, on what was read when the event came in.

    In the field: mollie/magento2#151; onehashai/Cal-ID PR#383. A provider that waits no longer sends the
    event again, and the second handler starts from the same old knowledge as the first.
    """

    id = "slow-ack-overlap"
    policy = "inbox"
    breaks = "E1"

    @classmethod
    def make(cls) -> Inbox:
        """Make an inbox that trusts every handler to be the only one."""
        return _OldKnowledge()


class _OldKnowledge(Inbox):
    def __init__(self) -> None:
        self._read: dict[tuple[str, int], frozenset[tuple[int, str]]] = {}

    def admit(self, store: Store, notice: Notice, at_ms: int) -> bool:
        with store.read() as tx:
            self._read[notice.event_id, threading.get_ident()] = _given(tx)
        return super().admit(store, notice, at_ms)

    def finish(self, tx: Connection, notice: Notice, at_ms: int) -> bool:
        super().finish(tx, notice, at_ms)
        return True

    def grant(self, tx: Connection, order_id: int, kind: str, notice: Notice | None, at_ms: int) -> bool:
        known = self._read.get((notice.event_id, threading.get_ident())) if notice else None
        if (order_id, kind) in (_given(tx) if known is None else known):
            return False
        key = f"{order_id}:{kind}:{new_token()}"
        row = {"order_id": order_id, "kind": kind, "unique_key": key, "created_ms": at_ms}
        tx.execute(insert(effects).values(row))
        return True


def _given(tx: Connection) -> frozenset[tuple[int, str]]:
    return frozenset((row[0], row[1]) for row in tx.execute(select(effects.c.order_id, effects.c.kind)))
