"""What makes a fact count once: the inbox of events and the keys of effects, both unique in the database."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from badgateway.reference import tables
from badgateway.reference.freshness import Known, is_behind
from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation
from badgateway.reference.store import Store


class Inbox:
    """A row for each event before anything is done, marked in the transaction that does it."""

    def admit(self, store: Store, notice: Notice, at_ms: int) -> bool:
        """Store an event durably; says whether it still has to be processed."""
        row = {
            "unique_key": notice.event_id,
            "event_id": notice.event_id,
            "hint": notice.to_hint(),
            "received_ms": at_ms,
        }
        with store.write() as tx:
            tx.execute(insert_or(tables.inbox).values(row).on_conflict_do_nothing())
            processed = tx.execute(
                select(tables.inbox.c.processed_ms).where(tables.inbox.c.unique_key == notice.event_id)
            ).scalar_one()
        return processed is None

    def finish(self, tx: Connection, notice: Notice, at_ms: int) -> bool:
        """Mark an event processed; says whether it was not before, and so whether it may be applied."""
        done = tx.execute(
            update(tables.inbox)
            .where(tables.inbox.c.unique_key == notice.event_id, tables.inbox.c.processed_ms.is_(None))
            .values(processed_ms=at_ms)
        )
        return done.rowcount == 1

    def is_answered(self, notice: Notice, seen: Observation | None, known: Known) -> bool:
        """Say whether a look (None: it found nothing) has answered an event, so that it may be marked."""
        return not is_behind(notice, seen, known)

    def spares_look(self, _store: Store, _payment_id: str | None) -> bool:
        """Say whether a payment need not be looked at because its events are in: no, they only came."""
        return False

    def grant(self, tx: Connection, order_id: int, kind: str, notice: Notice | None, at_ms: int) -> bool:
        """Give an order an effect once, whatever told us that it is due; says whether it is new."""
        key = self.effect_key(order_id, kind, notice)
        if key is None:
            return False
        row = {"order_id": order_id, "kind": kind, "unique_key": key, "created_ms": at_ms}
        return tx.execute(insert_or(tables.effects).values(row).on_conflict_do_nothing()).rowcount == 1

    def effect_key(self, order_id: int, kind: str, _notice: Notice | None) -> str | None:
        """Give what is unique about an effect; None where this cause gives none."""
        return f"{order_id}:{kind}"


def add_row(tx: Connection, notice: Notice, key: str, at_ms: int) -> None:
    """Put an event into the inbox under a key of one's own, processed."""
    tx.execute(
        insert(tables.inbox).values(
            unique_key=key,
            event_id=notice.event_id,
            hint=notice.to_hint(),
            received_ms=at_ms,
            processed_ms=at_ms,
        )
    )
