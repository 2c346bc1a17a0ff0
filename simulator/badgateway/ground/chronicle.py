"""Records in the order in which they were made: the newest in memory, older ones in the attic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from itertools import islice, starmap
from typing import Any, Generic, TypeVar, overload

from badgateway.ground.attic import Attic, Rows
from badgateway.ground.whereabouts import GENERATION, Whereabouts

Record = TypeVar("Record")
Shown = TypeVar("Shown")

BATCH = 128  # records that go to the attic together
DRAWER = 8  # neighbours in the attic that are packed as one
BULKY = 8  # so many times fewer of them stay in memory
CHUNK = 64  # lines of a scroll that are packed as one

_Drawer = dict[int, tuple[str, Any]]  # place -> id and record
_NONE: tuple[int, _Drawer] = -1, {}
assert GENERATION % DRAWER == 0, "a drawer lies in one generation"


class Chronicle(MutableMapping[str, Record]):
    """A mapping that stays in the order of first insertion, whatever is in memory.

    Records are immutable: one that changed is put in again. The newest stay in memory, up to the attic's
    bound, or a part of it where they are bulky; a look-up costs the same whether the chronicle is
    short or long.

    In the attic places that follow each other share a drawer, a row that is read and written whole. What is
    put away in its turn fills one drawer after the other; what comes back changed costs its drawer again.
    """

    def __init__(self, attic: Attic, *, is_bulky: bool = False) -> None:
        self._attic = attic
        self._hot_max = attic.keep // (BULKY if is_bulky else 1) + BATCH
        self._hot: dict[str, tuple[int, Record]] = {}  # id -> place and record, as they came into memory
        self._ids: dict[int, str] = {}  # place -> id of what is in memory
        self._first, self._last, self._count = 1, 0, 0
        self._rows: Rows | None = None  # the drawers; None: nothing is in the attic
        self._whereabouts = Whereabouts()  # of the ids in the attic
        self._opened: tuple[int, _Drawer] = _NONE  # the drawer that was read last, and its number

    def __getitem__(self, key: str) -> Record:
        known = self._hot.get(key) or self._stored(key)
        if known is None:
            raise KeyError(key)
        return known[1]

    def get(self, key: str | None, default: Any = None) -> Any:
        """Give a record, or the default."""
        known = self._hot.get(key)  # type: ignore[arg-type] # None is no id of any
        if known is None and key is not None and self._rows is not None:
            known = self._stored(key)
        return default if known is None else known[1]

    def __contains__(self, key: object) -> bool:
        if key in self._hot:
            return True
        return self._rows is not None and isinstance(key, str) and self._stored(key) is not None

    def __setitem__(self, key: str, record: Record) -> None:
        known = self._hot.get(key)
        if known is not None:
            self._hot[key] = known[0], record
            return
        stored = self._stored(key)
        if stored is None:
            self.add(key, record)
        else:
            place = stored[0]
            self._hot[key], self._ids[place] = (place, record), key
            if len(self._hot) >= self._hot_max:
                self._put_away()

    def add(self, key: str, record: Record) -> None:
        """Put in a record whose id was never there, as one that was made just now: nothing is looked up."""
        assert key not in self._hot, "an id that is added is a new one"
        self._count += 1
        place = self._last = self._last + 1
        self._hot[key], self._ids[place] = (place, record), key
        if len(self._hot) >= self._hot_max:
            self._put_away()

    def __delitem__(self, key: str) -> None:
        known = self._hot.pop(key, None) or self._stored(key)
        if known is None:
            raise KeyError(key)
        place = known[0]
        self._ids.pop(place, None)
        if self._whereabouts.has(place):
            self._take_out(place)
        self._count -= 1
        while self._first <= self._last and not self._is_taken(self._first):
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
        known = self._hot.get(key) or self._stored(key)
        return known[0] if known is not None else None

    def oldest_first(self, after: int = 0) -> Iterator[tuple[str, Record]]:
        """Give ids and records behind a place, the oldest first, reading no further than is asked for."""
        return self._walk(max(after + 1, self._first), self._last, 1)

    def newest_first(self, before: int | None = None) -> Iterator[tuple[str, Record]]:
        """Give ids and records in front of a place, the newest first, reading no further than asked for."""
        return self._walk(self._last if before is None else min(before - 1, self._last), self._first, -1)

    def _walk(self, start: int, end: int, step: int) -> Iterator[tuple[str, Record]]:
        for place in range(start, end + step, step):
            key = self._ids.get(place)
            if key is not None:
                yield key, self._hot[key][1]
            elif self._whereabouts.has(place):
                yield self._drawer(place // DRAWER)[place]

    def _is_taken(self, place: int) -> bool:
        return place in self._ids or self._whereabouts.has(place)

    def _stored(self, key: str) -> tuple[int, Record] | None:
        for place in self._whereabouts.of(key):
            known, record = self._drawer(place // DRAWER)[place]
            if known == key:
                return place, record
        return None

    def _drawer(self, number: int) -> _Drawer:
        opened, drawer = self._opened
        if opened != number:
            assert self._rows is not None, "only what was put away has a drawer"
            drawer = self._rows.get(number)
            self._opened = number, drawer
        return drawer

    def _put_away(self) -> None:
        if self._rows is None:
            self._rows = Rows(self._attic)
        has, drawers = self._whereabouts.has, self._emptied()
        for number, drawer in drawers.items():
            if len(drawer) < DRAWER and self._whereabouts.has_any(number * DRAWER, DRAWER):
                before = {place: one for place, one in self._drawer(number).items() if has(place)}
                drawers[number] = before | drawer
        self._opened = _NONE
        self._rows.put(drawers)
        self._whereabouts.put(drawers.values())

    def _emptied(self) -> dict[int, _Drawer]:
        """Take out of memory what came into it first, by the drawers that it goes to."""
        hot, ids = self._hot, self._ids
        oldest = list(islice(hot.items(), BATCH))
        # What shares a drawer with the last one goes with it the next time, so that it is written once.
        _, (following, _) = oldest.pop()
        while oldest[-1][1][0] // DRAWER == following // DRAWER:
            oldest.pop()
        drawers: dict[int, _Drawer] = {}
        for key, (place, record) in oldest:
            del hot[key], ids[place]
            drawer = drawers.get(place // DRAWER)
            if drawer is None:
                drawer = drawers[place // DRAWER] = {}
            drawer[place] = key, record
        return drawers

    def _take_out(self, place: int) -> None:
        self._whereabouts.forget(place)
        number = place // DRAWER
        if not self._whereabouts.has_any(number * DRAWER, DRAWER):
            assert self._rows is not None, "something was put away"
            self._rows.take(number)


class Scroll(Generic[Record]):
    """Records that are only ever added, and read again from a number on."""

    def __init__(self, attic: Attic) -> None:
        self._attic = attic
        self._hot: list[Record] = []
        self._base = 0  # how many are in the attic
        self._rows: Rows | None = None

    def append(self, record: Record) -> None:
        """Add a record; its number is the length of the scroll from then on."""
        self._hot.append(record)
        if len(self._hot) >= self._attic.keep + CHUNK:
            self._put_away()

    def since(self, number: int) -> Iterable[Record]:
        """Give the records after the one with this number, oldest first."""
        return self._hot[number - self._base :] if number >= self._base else self._older(number)

    def _older(self, number: int) -> Iterator[Record]:
        while number < self._base:
            chunk, skipped = divmod(number, CHUNK)
            assert self._rows is not None, "something was put away"
            records = self._rows.get(chunk)[skipped:]
            yield from records
            number += len(records)
        yield from self._hot[number - self._base :]

    def __iter__(self) -> Iterator[Record]:
        return iter(self.since(0))

    def __len__(self) -> int:
        return self._base + len(self._hot)

    def _put_away(self) -> None:
        if self._rows is None:
            self._rows = Rows(self._attic)
        self._rows.put({self._base // CHUNK: self._hot[:CHUNK]})
        del self._hot[:CHUNK]
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
