"""The attic: where records go that are more than a bound lets stay in memory, and come back from."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from badgateway.errors import EnvironmentProblem

if TYPE_CHECKING:
    from sqlite3 import Connection

KEEP = 2_000  # records of each kind that stay in memory
BYTES_MAX = 64 << 30  # of the file
_PAGE_BYTES, _CACHE_KIB = 16_384, 1_024  # the operating system caches the file too, and once is enough


class Attic:
    """One nameless file, made when it is first needed and gone with the process; never shared.

    `keep` is how many records of each kind stay in memory; `on_full` hears a sentence when they are more for
    the first time.
    """

    def __init__(self, keep: int = KEEP, on_full: Callable[[str], None] | None = None) -> None:
        assert keep > 0, "something stays in memory"
        self.keep = keep
        self.on_full = on_full
        self.asked = 0  # statements that were carried out
        self._tables = 0
        self._connection: Connection | None = None

    @property
    def is_used(self) -> bool:
        """Say whether anything is kept in the file."""
        return self._connection is not None

    def new_table(self, columns: str) -> str:
        """Make a table, and give its name."""
        self._tables += 1
        name = f"kind{self._tables}"
        self.run(f"CREATE TABLE {name} ({columns})")
        return name

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Carry one statement out and give its rows; raises EnvironmentProblem where the disk refuses."""
        connection = self._connection or self._open()
        self.asked += 1
        try:
            return connection.execute(statement, values).fetchall()
        except connection.Error as error:
            raise _refused(error) from error

    def run_for_each(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Carry one statement out for many rows; raises EnvironmentProblem where the disk refuses."""
        connection = self._connection or self._open()
        self.asked += 1
        try:
            connection.executemany(statement, rows)
        except connection.Error as error:
            raise _refused(error) from error

    def close(self) -> None:
        """Let the file go, and all that is in it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> Connection:
        import sqlite3  # noqa: PLC0415 - most plays never have that much to keep

        # A nameless database is a file of its own that the operating system forgets with the connection.
        # One thread at a time uses it: whoever owns the records.
        made = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in (
            f"page_size={_PAGE_BYTES}",
            "journal_mode=OFF",
            "synchronous=OFF",
            f"cache_size=-{_CACHE_KIB}",
            f"max_page_count={BYTES_MAX // _PAGE_BYTES}",
        ):
            made.execute(f"PRAGMA {setting}")
        # Nothing is ever taken back, so all that is written is one transaction that never ends.
        made.execute("BEGIN")
        self._connection = made
        if self.on_full is not None:
            self.on_full(f"more than {self.keep} records of a kind: older ones are kept in a file")
        return made


class Rows:
    """Records of one kind in the attic's file, one or several packed as a row, by number."""

    def __init__(self, attic: Attic) -> None:
        self._attic = attic
        table = attic.new_table("n INTEGER PRIMARY KEY, body BLOB NOT NULL")
        self._get = "SELECT body FROM TABLE WHERE n = ?".replace("TABLE", table)
        self._put = "INSERT OR REPLACE INTO TABLE VALUES (?, ?)".replace("TABLE", table)
        self._take = "DELETE FROM TABLE WHERE n = ?".replace("TABLE", table)

    def get(self, n: int) -> Any:
        """Give what was put in as this number; it is there."""
        ((body,),) = self._attic.run(self._get, n)
        return unpacked(body)

    def put(self, numbered: Mapping[int, object]) -> None:
        """Put in, or in the place of what was there."""
        # Each row is written before the next is packed, so that one piece of memory does for all.
        self._attic.run_for_each(self._put, zip(numbered, each_packed(numbered.values()), strict=True))

    def take(self, n: int) -> None:
        """Take a row away; its room is used again."""
        self._attic.run(self._take, n)


def _refused(error: Exception) -> EnvironmentProblem:
    return EnvironmentProblem(f"older records cannot be kept in a file: {error}")


class _Sink(NamedTuple):
    """What a pickler writes to: most often it does once for each record."""

    write: Callable[[bytes], None]


class _Reducers(dict[type, Callable[[Any], Any]]):
    """How what a record holds is taken apart without any function of Python, where there is such a way."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        if issubclass(kind, Struct):
            self[kind] = kind.__reduce__  # its class and its fields
        elif issubclass(kind, Enum):
            self[kind] = lambda member: (kind, (member.value,))
        else:
            raise KeyError(kind)
        return self[kind]


def _as_shown(mapping: Mapping[str, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(mapping),)


def _read_only(shown: dict[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(shown)


_REDUCERS = _Reducers({MappingProxyType: _as_shown})


def each_packed(records: Iterable[object]) -> Iterator[bytes]:
    """Give records as bytes, each for itself; they are frozen, and what they hold is plain."""
    parts: list[bytes] = []
    pickler = pickle.Pickler(_Sink(parts.append), pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    for record in records:
        parts.clear()
        pickler.clear_memo()
        pickler.dump(record)
        yield b"".join(parts)


def unpacked(data: bytes) -> Any:
    """Give a record that was packed by this process."""
    return pickle.loads(data)  # noqa: S301 - its file has no name and cannot be opened by anybody else
