"""The shop's books in SQLite: baskets, letters to Stripe, refunds and parcels."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

_TABLES = """
CREATE TABLE IF NOT EXISTS baskets (
    number INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, price INTEGER NOT NULL, currency TEXT NOT NULL,
    take TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'basket', is_dropped INTEGER NOT NULL DEFAULT 0,
    intent TEXT, charge TEXT, failed_charge TEXT, captured INTEGER NOT NULL DEFAULT 0,
    is_contested INTEGER NOT NULL DEFAULT 0, bank_page TEXT, looks INTEGER NOT NULL DEFAULT 0,
    is_lost INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, form TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE, tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'open',
    amount INTEGER, card TEXT, not_before REAL NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS one_open_letter ON letters (ref, kind) WHERE state IN ('open', 'taken');
CREATE TABLE IF NOT EXISTS refunds (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL, receipt TEXT NOT NULL, amount INTEGER NOT NULL,
    key TEXT, tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'open', stripe_id TEXT UNIQUE,
    not_before REAL NOT NULL DEFAULT 0,
    UNIQUE (ref, receipt));
CREATE TABLE IF NOT EXISTS parcels (ref TEXT PRIMARY KEY);
"""


def new_key() -> str:
    """Make an idempotency key."""
    return f"bookshop-{uuid.uuid4().hex}"


class Books:
    """One SQLite file; every change is one short transaction."""

    def __init__(self, path: str) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        # A key must be on the disk before its letter leaves.
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_TABLES)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction; it ends before anybody is asked anything."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Read all rows."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Read the first row."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def basket(self, ref: str) -> sqlite3.Row:
        """Read a basket that is known to exist."""
        found = self.row("SELECT * FROM baskets WHERE ref = ?", ref)
        assert found is not None, "a basket is looked up before it is worked on"
        return found

    def letter(self, ref: str, kind: str) -> sqlite3.Row | None:
        """Read the letter of a kind that has no final answer."""
        return self.row(
            "SELECT * FROM letters WHERE ref = ? AND kind = ? AND state IN ('open', 'taken')", ref, kind
        )

    def sending(self, table: str, row_id: int) -> None:
        """Note that a letter or refund is about to be sent."""
        assert table in {"letters", "refunds"}
        with self.writing() as db:
            db.execute(f"UPDATE {table} SET tries = tries + 1 WHERE id = ?", (row_id,))  # noqa: S608 - asserted above

    def put_off(self, table: str, row_id: int, seconds: float) -> None:
        """Note that a letter or refund is not sent again before so many seconds have passed."""
        assert table in {"letters", "refunds"}
        with self.writing() as db:
            db.execute(
                f"UPDATE {table} SET not_before = ? WHERE id = ?",  # noqa: S608 - asserted above
                (time.time() + seconds, row_id),
            )

    def next_due_s(self) -> float:
        """Give in how many seconds the next thing that was put off may be sent; 0: there is none."""
        now = time.time()
        times = "SELECT not_before FROM {} WHERE state = 'open' AND not_before > ?"
        rows = self.rows(f"{times.format('letters')} UNION {times.format('refunds')}", now, now)
        return min((row["not_before"] - now for row in rows), default=0.0)

    def rekey(self, table: str, row_id: int) -> None:
        """Give a letter or refund, of which it is known that nothing happened, a new key."""
        assert table in {"letters", "refunds"}
        with self.writing() as db:
            db.execute(
                f"UPDATE {table} SET key = ?, tries = 0 WHERE id = ? AND state = 'open'",  # noqa: S608 - asserted above
                (new_key(), row_id),
            )


def is_due(row: sqlite3.Row) -> bool:
    """Say whether a letter or refund may be sent now."""
    return bool(row["not_before"] <= time.time())


def write_letter(
    db: sqlite3.Connection,
    ref: str,
    kind: str,
    path: str,
    form: dict[str, object],
    *,
    amount: int | None = None,
    card: str | None = None,
) -> None:
    """Write a letter down; it is sent after the transaction."""
    db.execute(
        "INSERT INTO letters (ref, kind, path, form, key, amount, card) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (ref, kind, path, json.dumps(form), new_key(), amount, card),
    )


def close_letters(db: sqlite3.Connection, ref: str, state: str, *kinds: str) -> None:
    """End the open letters of these kinds."""
    for kind in kinds:
        db.execute(
            "UPDATE letters SET state = ? WHERE ref = ? AND kind = ? AND state IN ('open', 'taken')",
            (state, ref, kind),
        )


def set_basket(db: sqlite3.Connection, ref: str, **values: object) -> None:
    """Change columns of a basket; a new state is looked at afresh."""
    names = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE baskets SET looks = 0, {names} WHERE ref = ?", (*values.values(), ref))  # noqa: S608 - names are our own
