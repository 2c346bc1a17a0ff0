"""The planted defect dedupe-before-process."""

from __future__ import annotations

from sqlalchemy import Connection, select

from badgateway.reference.defects.base import Defect
from badgateway.reference.inbox import Inbox, add_row
from badgateway.reference.notice import Notice, notice_from_hint
from badgateway.reference.store import Store
from badgateway.reference.tables import inbox

# An event of these types tells the end of a payment; whoever holds one believes to know it.
_LAST_WORDS = frozenset({"payment_intent.succeeded", "payment_intent.payment_failed"})


class DedupeBeforeProcess(Defect):
    """An event is written down as done before it is worked off: when that fails, its next copy is dropped.

    In the field: dj-stripe#832.
    """

    id = "dedupe-before-process"
    policy = "inbox"
    breaks = "E4"

    @classmethod
    def make(cls) -> Inbox:
        """Make an inbox that is full before anything is done."""
        return _DoneOnArrival()


class _DoneOnArrival(Inbox):
    def admit(self, store: Store, notice: Notice, at_ms: int) -> bool:
        with store.write() as tx:
            if tx.execute(select(inbox.c.id).where(inbox.c.event_id == notice.event_id)).first():
                return False
            add_row(tx, notice, notice.event_id, at_ms)
        return True

    def finish(self, _tx: Connection, _notice: Notice, _at_ms: int) -> bool:
        return True

    def spares_look(self, store: Store, payment_id: str | None) -> bool:
        with store.read() as tx:
            kept = [notice_from_hint(hint) for hint in tx.execute(select(inbox.c.hint)).scalars()]
        return any(one.payment_id == payment_id and one.type in _LAST_WORDS for one in kept)
