"""The attic: where records go that are more than a bound lets stay in memory, and come back from."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from badgateway.errors import EnvironmentProblem

if TYPE_CHECKING:
    from sqlite3 import Connection

KEEP = 2_000  # records of each kind that stay in memory
BYTES_MAX = 64 << 30  # of the file
_PAGE_BYTES, _CACHE_KIB = 8_192, 8_192


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

    def run_for_each(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
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


def _refused(error: Exception) -> EnvironmentProblem:
    return EnvironmentProblem(f"older records cannot be kept in a file: {error}")


class _Reducers(dict[type, Callable[[Any], tuple[Any, ...]]]):
    """How records are taken apart: by their fields, and read-only mappings as what they show."""

    def __missing__(self, kind: type) -> Callable[[Any], tuple[Any, ...]]:
        if not is_dataclass(kind):
            raise KeyError(kind)
        names = [one.name for one in fields(kind)]
        if len(names) < 2:
            raise KeyError(kind)
        values = attrgetter(*names)
        self[kind] = lambda record: (kind, values(record))
        return self[kind]


def _as_shown(mapping: Mapping[str, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(mapping),)


def _read_only(shown: dict[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(shown)


_REDUCERS = _Reducers({MappingProxyType: _as_shown})


def packed(record: object) -> bytes:
    """Give a record as bytes; it is frozen, and what it holds is plain."""
    return next(each_packed((record,)))


def each_packed(records: Iterable[object]) -> Iterator[bytes]:
    """Give records as bytes, each for itself, and quicker than one by one."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    for record in records:
        out.seek(0)
        out.truncate()
        pickler.clear_memo()
        pickler.dump(record)
        yield out.getvalue()


def unpacked(data: bytes) -> Any:
    """Give a record that was packed by this process."""
    return pickle.loads(data)  # noqa: S301 - its file has no name and cannot be opened by anybody else
