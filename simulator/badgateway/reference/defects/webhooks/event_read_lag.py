"""The planted defect event-read-lag."""

from __future__ import annotations

from sqlalchemy import select

from badgateway.reference.defects.base import Defect
from badgateway.reference.freshness import Known
from badgateway.reference.inbox import Inbox
from badgateway.reference.notice import Notice, notice_from_hint
from badgateway.reference.seen import Observation
from badgateway.reference.store import Store
from badgateway.reference.tables import inbox

_LAST_WORDS = frozenset({"payment_intent.succeeded", "payment_intent.payment_failed"})


class EventReadLag(Defect):
    """Whatever is read when an event comes in counts as its outcome, though the copy may be behind.

    In the field: stripe-java PR#1473 (a field is null when it is fetched, and there seconds later).
    """

    id = "event-read-lag"
    policy = "inbox"
    breaks = "M5"

    @classmethod
    def make(cls) -> Inbox:
        """Make an inbox that one look empties."""
        return _OneLookIsEnough()


class _OneLookIsEnough(Inbox):
    def is_answered(self, _notice: Notice, _seen: Observation | None, _known: Known) -> bool:
        return True

    def spares_look(self, store: Store, payment_id: str | None) -> bool:
        # Its last event was worked off, so there is nothing left to be found out about it.
        with store.read() as tx:
            done = tx.execute(select(inbox.c.hint).where(inbox.c.processed_ms.is_not(None))).scalars()
            kept = [notice_from_hint(hint) for hint in done]
        return any(one.payment_id == payment_id and one.type in _LAST_WORDS for one in kept)
