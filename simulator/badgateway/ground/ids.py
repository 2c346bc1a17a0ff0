"""Identifiers from (seed, play nonce, kind, counter), so that a run repeats and two plays never collide."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_nonce() -> str:
    """Give a nonce that no earlier play had; it is journalled at the start of the play."""
    return uuid.uuid4().hex[:12]


def _letters(alphabet: str, length: int, *parts: object) -> str:
    number = int.from_bytes(hashlib.sha512("\x1f".join(map(str, parts)).encode()).digest(), "big")
    pairs, base = _pairs(alphabet), len(alphabet) ** 2
    # Only so many letters are wanted, and a short number is divided more quickly than all 512 bits.
    number %= base ** ((length + 1) // 2)
    out = []
    for _ in range(0, length, 2):
        number, place = divmod(number, base)
        out.append(pairs[place])
    return "".join(out)[:length]


@cache
def _pairs(alphabet: str) -> tuple[str, ...]:
    """Give what two digits are written as, the lower one first."""
    return tuple(low + high for high in alphabet for low in alphabet)


@dataclass(slots=True)
class Ids:
    """The identifiers of one play."""

    seed: int
    nonce: str
    counters: Counter[str] = field(default_factory=Counter)

    def make(self, kind: str, length: int = 24) -> str:
        """Give the next identifier of a kind: letters and digits only, without a prefix."""
        self.counters[kind] += 1
        return _letters(_BASE62, length, self.seed, self.nonce, kind, self.counters[kind])

    def reference(self, order: str) -> str:
        """Give the reference of an order that travels to the integration: at most 20 of [a-z0-9]."""
        return "o" + _letters(_BASE36, 15, self.seed, self.nonce, "order", order)
