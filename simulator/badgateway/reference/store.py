"""The database: SQLite in WAL mode, short transactions, one writer, and none across a provider call."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from badgateway.reference.tables import metadata

BUSY_TIMEOUT_MS = 5_000


class Store:
    """Opens transactions and knows which threads are inside one."""

    def __init__(self, path: str, synchronous: str = "FULL") -> None:
        self._engine = _connect(path, synchronous)
        self._here = threading.local()
        metadata.create_all(self._engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give one consistent picture of the books."""
        with self._inside(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that holds the write lock from its first statement; commits unless it raises."""
        with self._inside(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:  # whatever ends it, nothing of it stays
                connection.rollback()
                raise
            connection.commit()

    def assert_idle(self) -> None:
        """Fail where this thread is inside a transaction; called before each byte that goes to a provider."""
        assert not self.is_busy(), "a provider is called inside a database transaction"

    def is_busy(self) -> bool:
        """Say whether this thread is inside a transaction."""
        return bool(getattr(self._here, "depth", 0))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _inside(self) -> Iterator[None]:
        assert not self.is_busy(), "transactions do not nest"
        self._here.depth = 1
        try:
            yield
        finally:
            self._here.depth = 0


def _connect(path: str, synchronous: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        pool_size=32,
        hide_parameters=True,  # an error's text must not carry a shopper's name
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    # The driver must not open transactions by itself: BEGIN IMMEDIATE is ours to say.
    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    return engine
