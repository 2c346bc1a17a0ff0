"""Where in the attic an id stands: filters say which lists of hashes may have it, the lists where."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

GENERATION = 2_048  # places of one filter and one list
TOGETHER = 512  # filters at most whose bits stand side by side
_WORD = 8  # bytes; filters are added 64 at a time
_SLOTS = 1 << 16  # an id has three of them, 16 bits of its hash each; one strange id in 1,500 passes a filter
_SLOT = _SLOTS - 1
_HASH = 0xFFFF_FFFF
_BYTES = 4  # of a hash in its list


class Whereabouts:
    """At which places an id may stand: at none, for nearly every id that is not in the attic.

    Eight bytes an id stay in memory, half of them for its filter and half for its list. Up to a million ids,
    a new one costs three looks at what stands side by side, and a list every third time.
    """

    def __init__(self) -> None:
        self._shelves: list[_Shelf] = []
        self._hashes: list[array[int]] = []  # each: the hashes of a generation by place; 0: nothing is there

    def put(self, drawers: Iterable[Mapping[int, tuple[str, Any]]]) -> None:
        """Note places of drawers, none of which lies in two generations, and the ids that stand there."""
        for drawer in drawers:
            generation = next(iter(drawer)) // GENERATION
            while generation >= len(self._hashes):
                self._grow()
            start, hashes = generation * GENERATION, self._hashes[generation]
            shelf, within = self._shelves[generation // TOGETHER], generation % TOGETHER
            bits, width, byte, bit = shelf.bits, shelf.width, within >> 3, 1 << (within & 7)
            for place, (known, _) in drawer.items():
                hashed = hash(known)
                bits[(hashed & _SLOT) * width + byte] |= bit
                bits[(hashed >> 16 & _SLOT) * width + byte] |= bit
                bits[(hashed >> 32 & _SLOT) * width + byte] |= bit
                hashes[place - start] = hashed & _HASH or 1

    def of(self, known: str) -> Iterable[int]:
        """Give the places at which an id may stand, looking for them as they are asked for."""
        hashed = hash(known)
        passed = []
        for number, shelf in enumerate(self._shelves):
            found = shelf.filters_of(hashed)
            while found:
                newest = found.bit_length() - 1
                passed.append(number * TOGETHER + newest)
                found ^= 1 << newest
        return self._among(passed, hashed & _HASH or 1) if passed else ()

    def has(self, place: int) -> bool:
        """Say whether something stands at a place."""
        generation, within = divmod(place, GENERATION)
        return generation < len(self._hashes) and self._hashes[generation][within] != 0

    def has_any(self, start: int, count: int) -> bool:
        """Say whether something stands at one of so many places of a generation."""
        generation, within = divmod(start, GENERATION)
        return generation < len(self._hashes) and any(self._hashes[generation][within : within + count])

    def forget(self, place: int) -> None:
        """Note that nothing stands at a place any more."""
        generation, within = divmod(place, GENERATION)
        self._hashes[generation][within] = 0

    def _among(self, generations: Iterable[int], short: int) -> Iterator[int]:
        wanted = short.to_bytes(_BYTES, sys.byteorder)
        for generation in generations:
            told = self._hashes[generation].tobytes()
            at = told.find(wanted)
            while at >= 0:
                if at % _BYTES == 0:
                    yield generation * GENERATION + at // _BYTES
                at = told.find(wanted, at + 1)

    def _grow(self) -> None:
        filters = len(self._hashes)
        if filters % TOGETHER == 0:
            self._shelves.append(_Shelf())
        elif filters % (8 * _WORD) == 0:
            self._shelves[-1].widen()
        self._hashes.append(array("I", bytes(_BYTES * GENERATION)))


class _Shelf:
    """Bloom filters side by side: for each slot in turn, a bit for each filter that has it."""

    def __init__(self) -> None:
        self.width = _WORD  # bytes of a slot
        self.bits = bytearray(_WORD * _SLOTS)

    def filters_of(self, hashed: int) -> int:
        """Give the filters that an id passes, a bit for each."""
        bits, width, bits_of = self.bits, self.width, int.from_bytes
        first, second = (hashed & _SLOT) * width, (hashed >> 16 & _SLOT) * width
        third = (hashed >> 32 & _SLOT) * width
        found = bits_of(bits[first : first + width], "little") & bits_of(
            bits[second : second + width], "little"
        )
        return found and found & bits_of(bits[third : third + width], "little")

    def widen(self) -> None:
        """Make room for a word more of filters: half a MiB, and what there is moves."""
        words = self.width // _WORD
        self.width += _WORD
        wider = bytearray(self.width * _SLOTS)
        before, now = memoryview(self.bits).cast("Q"), memoryview(wider).cast("Q")
        for word in range(words):
            now[word :: words + 1] = before[word::words]
        self.bits = wider
