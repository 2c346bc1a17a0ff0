"""Identifiers from (seed, play nonce, kind, counter), so that a run repeats and two plays never collide."""

from __future__ import annotations

import hashlib
import uuid
from binascii import b2a_base64
from collections import Counter
from dataclasses import dataclass, field

_LETTERS_ONLY = bytes.maketrans(b"+/", b"0A")  # of base64: two of its 64 signs are no letters or digits
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_nonce() -> str:
    """Give a nonce that no earlier play had; it is journalled at the start of the play."""
    return uuid.uuid4().hex[:12]


@dataclass(slots=True)
class Ids:
    """The identifiers of one play."""

    seed: int
    nonce: str
    counters: Counter[str] = field(default_factory=Counter)
    # kind and length -> the hash of what all ids of that kind begin with
    _begun: dict[tuple[str, int], hashlib.blake2b] = field(default_factory=dict, repr=False, compare=False)

    def make(self, kind: str, length: int = 24) -> str:
        """Give the next identifier of a kind: letters and digits, no prefix; ValueError for more than 85."""
        counters = self.counters
        counters[kind] = count = counters[kind] + 1
        hashed = (self._begun.get((kind, length)) or self._begin(kind, length)).copy()
        hashed.update(b"%d" % count)
        # The line's end that follows the signs is cut off with those that are too many.
        return b2a_base64(hashed.digest()).translate(_LETTERS_ONLY)[:length].decode()

    def _begin(self, kind: str, length: int) -> hashlib.blake2b:
        text = f"{self.seed}\x1f{self.nonce}\x1f{kind}\x1f"
        size = (3 * length + 3) // 4  # three bytes are four signs
        begun = self._begun[kind, length] = hashlib.blake2b(text.encode(), digest_size=size)
        return begun

    def reference(self, order: str) -> str:
        """Give the reference of an order that travels to the integration: at most 20 of [a-z0-9]."""
        text = f"{self.seed}\x1f{self.nonce}\x1forder\x1f{order}"
        number = int.from_bytes(hashlib.sha512(text.encode()).digest(), "big")
        letters = ""
        for _ in range(15):
            number, place = divmod(number, len(_BASE36))
            letters += _BASE36[place]
        return f"o{letters}"
