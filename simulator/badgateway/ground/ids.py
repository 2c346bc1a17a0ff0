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


def _letters(alphabet: str, length: int, text: str) -> str:
    pairs, span = _pairs_and_span(alphabet, length)
    # Only so many letters are wanted, and a short number is divided more quickly than all 512 bits.
    number = int.from_bytes(hashlib.sha512(text.encode()).digest(), "big") % span
    base = len(pairs)
    letters = ""
    for _ in range(0, length, 4):
        number, four = divmod(number, base * base)
        letters += pairs[four % base] + pairs[four // base]
    return letters[:length]


@cache
def _pairs_and_span(alphabet: str, length: int) -> tuple[tuple[str, ...], int]:
    """Give what two digits are written as, the lower one first, and how many numbers so many digits tell."""
    pairs = tuple(low + high for high in alphabet for low in alphabet)
    return pairs, len(pairs) ** ((length + 1) // 2)


@dataclass(slots=True)
class Ids:
    """The identifiers of one play."""

    seed: int
    nonce: str
    counters: Counter[str] = field(default_factory=Counter)

    def make(self, kind: str, length: int = 24) -> str:
        """Give the next identifier of a kind: letters and digits only, without a prefix."""
        count = self.counters[kind] = self.counters[kind] + 1
        return _letters(_BASE62, length, f"{self.seed}\x1f{self.nonce}\x1f{kind}\x1f{count}")

    def reference(self, order: str) -> str:
        """Give the reference of an order that travels to the integration: at most 20 of [a-z0-9]."""
        return "o" + _letters(_BASE36, 15, f"{self.seed}\x1f{self.nonce}\x1forder\x1f{order}")
