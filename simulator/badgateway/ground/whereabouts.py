"""Where in the attic an id stands: filters say which lists of hashes may have it, the lists where."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

GENERATION = 2_048  # places of one filter and one list
TOGETHER = 64  # filters whose bits stand side by side, in the words of one tray
_SLOTS = 1 << 16  # an id has three of them, 16 bits of its hash each; one strange id in 1,500 passes a filter
_SLOT = _SLOTS - 1
_HASH = 0xFFFF_FFFF
_BYTES = 4  # of a hash in its list


class Whereabouts:
    """At which places an id may stand: at none, for nearly every id that is not in the attic.

    Eight bytes an id stay in memory, half of them for its filter and half for its list. A new one costs three
    looks at each tray, of 131,072 ids, and with a million ids a list every third time.
    """

    def __init__(self) -> None:
        self._trays: list[array[int]] = []  # Bloom filters: for each slot, a bit for each filter that has it
        self._hashes: list[array[int]] = []  # each: the hashes of a generation by place; 0: nothing is there

    def put(self, drawers: Iterable[Mapping[int, tuple[str, Any]]]) -> None:
        """Note places of drawers, none of which lies in two generations, and the ids that stand there."""
        for drawer in drawers:
            generation = next(iter(drawer)) // GENERATION
            while generation >= len(self._hashes):
                self._grow()
            start, hashes = generation * GENERATION, self._hashes[generation]
            tray, bit = self._trays[generation // TOGETHER], 1 << generation % TOGETHER
            for place, (known, _) in drawer.items():
                hashed = hash(known)
                tray[hashed & _SLOT] |= bit
                tray[hashed >> 16 & _SLOT] |= bit
                tray[hashed >> 32 & _SLOT] |= bit
                hashes[place - start] = hashed & _HASH or 1

    def of(self, known: str) -> Iterable[int]:
        """Give the places at which an id may stand, looking for them as they are asked for."""
        hashed = hash(known)
        first, second, third = hashed & _SLOT, hashed >> 16 & _SLOT, hashed >> 32 & _SLOT
        passed = []
        for number, tray in enumerate(self._trays):
            found = tray[first] & tray[second] & tray[third]
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
        if len(self._hashes) % TOGETHER == 0:
            self._trays.append(array("Q", bytes(8 * _SLOTS)))
        self._hashes.append(array("I", bytes(_BYTES * GENERATION)))
