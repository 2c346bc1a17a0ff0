"""How often one piece of scheduled work is done when several copies of this program run the same job."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from badgateway.reference.clock import Clock, new_token
from badgateway.reference.records import Intent
from badgateway.reference.store import Store
from badgateway.reference.tables import leases

LEASE_MS = 600  # how long the turn of a copy that died keeps the others waiting
_BEATS = 3  # in one lease


class Scheduling:
    """Once: a lease in the database says whose turn it is, and a charge that is sent again keeps its key."""

    @contextmanager
    def turn(self, store: Store, clock: Clock, job: str) -> Iterator[bool]:
        """Take the job's lease and keep it alive meanwhile; gives whether it is our turn."""
        owner = new_token()
        if not _claim(store, job, owner, clock.wall_ms()):
            yield False
            return
        over = threading.Event()
        beat = threading.Thread(
            target=_keep, args=(store, clock, job, owner, over), name="lease", daemon=True
        )
        beat.start()
        try:
            yield True
        finally:
            over.set()
            beat.join()
            with store.write() as tx:
                tx.execute(delete(leases).where(leases.c.job == job, leases.c.owner == owner))

    def looks_first(self) -> bool:
        """Say whether the job searches for a charge before it sends it: no, its key tells the provider."""
        return False

    def key_of(self, intent: Intent) -> str:
        """Give the key with which the job sends an intent: its own, so that a lost lease does no harm."""
        return intent.key


def _claim(store: Store, job: str, owner: str, now_ms: int) -> bool:
    """Take a lease that nobody has, or that has run out."""
    row = {"job": job, "owner": owner, "until_ms": now_ms + LEASE_MS}
    taken = insert_or(leases).values(row)
    taken = taken.on_conflict_do_update(
        index_elements=[leases.c.job], set_=row, where=leases.c.until_ms < now_ms
    )
    with store.write() as tx:
        return tx.execute(taken).rowcount == 1


def _keep(store: Store, clock: Clock, job: str, owner: str, over: threading.Event) -> None:
    while not over.wait(LEASE_MS / _BEATS / 1000):
        with store.write() as tx:
            mine = update(leases).where(leases.c.job == job, leases.c.owner == owner)
            tx.execute(mine.values(until_ms=clock.wall_ms() + LEASE_MS))
