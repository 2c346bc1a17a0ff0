"""Where in the attic an id may be: Bloom filters of one batch after the other, all asked at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

GENERATION = 2_048  # ids of one filter
TOGETHER = 64  # filters whose bits stand side by side, one in each place of a word
_PLACES = 1 << 16  # an id has four of them, 16 bits of its hash each; one strange id in 5,000 passes a filter
_PLACE = _PLACES - 1


class Whereabouts:
    """Which keys the rows of an id may have: none, for nearly every id that is not in the attic.

    A key is the number of a generation and bits of the id's hash, so what is put in at one time is written
    to the same few pages of an index, however long it is. Four bytes an id stay in memory; beside ten million
    ids, a new one is looked for about once.
    """

    def __init__(self) -> None:
        self._count = 0
        self._shelves: list[array[int]] = []  # each: at a place, a bit for each generation that has it

    def put(self, known: str) -> int:
        """Give the key for a row that is put in now under this id."""
        generation, place = divmod(self._count, GENERATION)
        self._count += 1
        if not place and not generation % TOGETHER:
            self._shelves.append(array("Q", bytes(8 * _PLACES)))
        shelf, bit, hashed = self._shelves[-1], 1 << generation % TOGETHER, hash(known)
        shelf[hashed & _PLACE] |= bit
        shelf[hashed >> 16 & _PLACE] |= bit
        shelf[hashed >> 32 & _PLACE] |= bit
        shelf[hashed >> 48 & _PLACE] |= bit
        return _key(generation, hashed)

    def of(self, known: str) -> Iterator[int]:
        """Give the keys that rows of this id may have, the newest first."""
        hashed = hash(known)
        first, second = hashed & _PLACE, hashed >> 16 & _PLACE
        third, fourth = hashed >> 32 & _PLACE, hashed >> 48 & _PLACE
        for number in range(len(self._shelves) - 1, -1, -1):
            shelf = self._shelves[number]
            bits = shelf[first] & shelf[second] & shelf[third] & shelf[fourth]
            while bits:
                newest = bits.bit_length() - 1
                yield _key(number * TOGETHER + newest, hashed)
                bits ^= 1 << newest


def _key(generation: int, hashed: int) -> int:
    return generation << 32 | hashed & 0xFFFF_FFFF
