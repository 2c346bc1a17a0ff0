"""Records in the order in which they were made: the newest in memory, older ones in the attic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from itertools import islice, starmap
from typing import Any, Generic, TypeVar, overload

from badgateway.ground.attic import Attic, each_packed, packed, unpacked
from badgateway.ground.whereabouts import Whereabouts

Record = TypeVar("Record")
Shown = TypeVar("Shown")

BATCH = 128  # records that go to the attic together, and come from it together in a list
BULKY = 8  # so many times fewer of them stay in memory
CHUNK = 64  # lines of a scroll that are packed as one

_COLUMNS = "n INTEGER PRIMARY KEY, key INTEGER NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL"
_STATEMENTS = {
    "index": "CREATE INDEX TABLE_key ON TABLE (key)",
    "n": "SELECT n FROM TABLE WHERE key = ? AND id = ?",
    "body": "SELECT body FROM TABLE WHERE key = ? AND id = ?",
    "put": "INSERT OR REPLACE INTO TABLE VALUES (?, ?, ?, ?)",
    "take": "DELETE FROM TABLE WHERE n = ?",
    "from": "SELECT n, id, body FROM TABLE WHERE n >= ? ORDER BY n LIMIT ?",
    "back from": "SELECT n, id, body FROM TABLE WHERE n <= ? ORDER BY n DESC LIMIT ?",
}


class Chronicle(MutableMapping[str, Record]):
    """A mapping that stays in the order of first insertion, whatever is in memory.

    Records are immutable: one that changed is put in again. Whatever was put in last stays in memory, up to
    the attic's bound, or a part of it where they are bulky; a look-up costs the same whether the
    chronicle is short or long.
    """

    def __init__(self, attic: Attic, *, is_bulky: bool = False) -> None:
        self._attic = attic
        self._share = BULKY if is_bulky else 1
        self._hot: dict[
            str, tuple[int, Record]
        ] = {}  # id -> place and record, the one put in last at the end
        self._ids: dict[int, str] = {}  # place -> id of what is in memory
        self._stale: set[str] = set()  # ids of what is in memory and has an older version in the attic
        self._first, self._last, self._count = 1, 0, 0
        self._said: dict[str, str] = {}  # statements; empty while nothing is in the attic
        self._whereabouts = Whereabouts()  # of the ids in the attic

    def __getitem__(self, key: str) -> Record:
        found = self._hot.get(key)
        if found is not None:
            return found[1]
        row = self._row(key, "body")
        if row is None:
            raise KeyError(key)
        record: Record = unpacked(row)
        return record

    def get(self, key: str | None, default: Any = None) -> Any:
        """Give a record, or the default."""
        if key is None:
            return default
        found = self._hot.get(key)
        if found is not None:
            return found[1]
        row = self._row(key, "body")
        return default if row is None else unpacked(row)

    def __contains__(self, key: object) -> bool:
        return key in self._hot or (isinstance(key, str) and self._row(key, "n") is not None)

    def __setitem__(self, key: str, record: Record) -> None:
        known = self._hot.pop(key, None)
        if known is not None:
            self._hot[key] = known[0], record
            return
        place = self._row(key, "n")
        if place is None:
            self._last += 1
            self._count += 1
            place = self._last
        else:
            self._stale.add(key)
        self._hot[key], self._ids[place] = (place, record), key
        if len(self._hot) >= self._attic.keep // self._share + BATCH:
            self._put_away()

    def add(self, key: str, record: Record) -> None:
        """Put in a record whose id was never there, as one that was made just now: nothing is looked up."""
        assert key not in self._hot, "an id that is added is a new one"
        self._last += 1
        self._count += 1
        self._hot[key], self._ids[self._last] = (self._last, record), key
        if len(self._hot) >= self._attic.keep // self._share + BATCH:
            self._put_away()

    def __delitem__(self, key: str) -> None:
        known = self._hot.pop(key, None)
        place = self._row(key, "n") if known is None else known[0]
        if place is None:
            raise KeyError(key)
        self._ids.pop(place, None)
        if known is None or key in self._stale:
            self._stale.discard(key)
            self._attic.run(self._said["take"], place)
        self._count -= 1
        if place == self._first:
            self._first += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self.oldest_first())

    def values(self) -> Series[Record]:  # type: ignore[override] # it can be counted and read from its end
        """Give the records, oldest first."""
        return Series(self)

    def __reversed__(self) -> Iterator[str]:
        return (key for key, _ in self.newest_first())

    def place(self, key: str) -> int | None:
        """Give where a record stands, counted from 1 and never changing, or None."""
        known = self._hot.get(key)
        return known[0] if known is not None else self._row(key, "n")

    def oldest_first(self, after: int = 0) -> Iterator[tuple[str, Record]]:
        """Give ids and records behind a place, the oldest first, reading no further than is asked for."""
        return self._walk(max(after + 1, self._first), self._last, 1)

    def newest_first(self, before: int | None = None) -> Iterator[tuple[str, Record]]:
        """Give ids and records in front of a place, the newest first, reading no further than asked for."""
        return self._walk(self._last if before is None else min(before - 1, self._last), self._first, -1)

    def _walk(self, start: int, end: int, step: int) -> Iterator[tuple[str, Record]]:
        stored: Iterator[tuple[int, str, bytes]] | None = None
        row = None
        for place in range(start, end + step, step):
            key = self._ids.get(place)
            if key is not None:
                yield key, self._hot[key][1]
                continue
            if stored is None:
                # What is in memory is most often all that is wanted.
                stored = self._rows(place, step)
                row = next(stored, None)
            while row is not None and row[0] * step < place * step:
                row = next(stored, None)
            if row is not None and row[0] == place:
                yield row[1], unpacked(row[2])

    def _rows(self, start: int, step: int) -> Iterator[tuple[int, str, bytes]]:
        while self._said:
            found = self._attic.run(self._said["from" if step > 0 else "back from"], start, BATCH)
            yield from found
            if len(found) < BATCH:
                return
            start = found[-1][0] + step

    def _row(self, key: str, column: str) -> Any:
        for row_key in self._whereabouts.of(key):
            found = self._attic.run(self._said[column], row_key, key)
            if found:
                return found[0][0]
        return None

    def _put_away(self) -> None:
        if not self._said:
            table = self._attic.new_table(_COLUMNS)
            self._said = {name: said.replace("TABLE", table) for name, said in _STATEMENTS.items()}
            self._attic.run(self._said["index"])
        oldest = list(islice(self._hot, BATCH))
        places, records = zip(*map(self._hot.pop, oldest), strict=True)
        for place in places:
            del self._ids[place]
        keys = map(self._whereabouts.put, oldest)
        rows = list(zip(places, keys, oldest, each_packed(records), strict=True))
        self._stale.difference_update(oldest)
        self._attic.run_for_each(self._said["put"], rows)


class Scroll(Generic[Record]):
    """Records that are only ever added, and read again from a number on."""

    def __init__(self, attic: Attic) -> None:
        self._attic = attic
        self._hot: list[Record] = []
        self._base = 0  # how many are in the attic
        self._put, self._read = "", ""

    def append(self, record: Record) -> None:
        """Add a record; its number is the length of the scroll from then on."""
        self._hot.append(record)
        if len(self._hot) >= self._attic.keep + CHUNK:
            self._put_away()

    def since(self, number: int) -> Iterator[Record]:
        """Give the records after the one with this number, oldest first."""
        while number < self._base:
            chunk, skipped = divmod(number, CHUNK)
            (row,) = self._attic.run(self._read, chunk)
            records = unpacked(row[0])[skipped:]
            yield from records
            number += len(records)
        yield from self._hot[number - self._base :]

    def __iter__(self) -> Iterator[Record]:
        return self.since(0)

    def __len__(self) -> int:
        return self._base + len(self._hot)

    def _put_away(self) -> None:
        if not self._put:
            table = self._attic.new_table("n INTEGER PRIMARY KEY, body BLOB NOT NULL")
            self._put = "INSERT INTO TABLE VALUES (?, ?)".replace("TABLE", table)
            self._read = "SELECT body FROM TABLE WHERE n = ?".replace("TABLE", table)
        chunk, self._hot = self._hot[:CHUNK], self._hot[CHUNK:]
        self._attic.run(self._put, self._base // CHUNK, packed(chunk))
        self._base += CHUNK


class Series(Sequence[Shown]):
    """The records of a chronicle as a sequence that reads as it goes; `shown` makes something else of them.

    Numbers of places count only where nothing was ever taken from the chronicle.
    """

    def __init__(
        self, chronicle: Chronicle[Any], shown: Callable[[str, Any], Shown] = lambda _, record: record
    ) -> None:
        self._chronicle = chronicle
        self._shown = shown

    def __len__(self) -> int:
        return len(self._chronicle)

    def __iter__(self) -> Iterator[Shown]:
        return starmap(self._shown, self._chronicle.oldest_first())

    def __reversed__(self) -> Iterator[Shown]:
        return starmap(self._shown, self._chronicle.newest_first())

    @overload
    def __getitem__(self, index: int) -> Shown: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Shown]: ...

    def __getitem__(self, index: int | slice) -> Shown | Sequence[Shown]:
        if isinstance(index, slice):
            return tuple(self)[index]
        place = index if index >= 0 else index + len(self)
        found = next(self._chronicle.oldest_first(place), None) if 0 <= place < len(self) else None
        if found is None:
            raise IndexError(index)
        return self._shown(*found)

    def newest_first(self, before: str | None = None) -> Iterator[Shown]:
        """Give the records made before the one with this id, or all, newest first; KeyError: no such id."""
        place = None if before is None else self._place(before)
        return starmap(self._shown, self._chronicle.newest_first(place))

    def oldest_first(self, after: str | None = None) -> Iterator[Shown]:
        """Give the records made after the one with this id, or all, oldest first; KeyError: no such id."""
        place = 0 if after is None else self._place(after)
        return starmap(self._shown, self._chronicle.oldest_first(place))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, Series) else other)

    __hash__ = None  # type: ignore[assignment] # what is equal to a list has no hash

    def _place(self, key: str) -> int:
        place = self._chronicle.place(key)
        if place is None:
            raise KeyError(key)
        return place
