"""Identifiers from (seed, play nonce, kind, counter), so that a run repeats and two plays never collide."""

from __future__ import annotations

import hashlib
import uuid
from binascii import b2a_base64
from dataclasses import dataclass, field

_LETTERS_ONLY = bytes.maketrans(b"+/", b"0A")  # of base64: two of its 64 signs are no letters or digits
AHEAD_MAX = 32
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_nonce() -> str:
    """Give a nonce that no earlier play had; it is journalled at the start of the play."""
    return uuid.uuid4().hex[:12]


@dataclass(slots=True)
class _Series:
    """The identifiers of one kind and length; one that was asked for often is made ahead with others."""

    begun: hashlib.blake2b  # the hash of what all of them begin with
    length: int
    count: int  # of all that were made
    many: int = 1  # so many are made at once, and twice as many the next time
    ahead: list[str] = field(default_factory=list)  # what was made and not given yet, the next one last

    def more(self) -> list[str]:
        """Make what is given next, when there is nothing ahead."""
        width = -(-self.begun.digest_size // 3) * 3  # three bytes are four signs
        digests = []
        for count in range(self.count + self.many, self.count, -1):
            hashed = self.begun.copy()
            hashed.update(b"%d" % count)
            digests.append(hashed.digest().ljust(width, b"\0"))
        # All of them are spelled together: that takes half the time of one by one.
        text = b2a_base64(b"".join(digests), newline=False).translate(_LETTERS_ONLY).decode()
        self.ahead = [text[at : at + self.length] for at in range(0, len(text), width // 3 * 4)]
        self.count += self.many
        self.many = min(2 * self.many, AHEAD_MAX)
        return self.ahead


@dataclass(slots=True)
class Ids:
    """The identifiers of one play."""

    seed: int
    nonce: str
    _series: dict[str, _Series] = field(default_factory=dict, repr=False, compare=False)  # by kind

    def make(self, kind: str, length: int = 24) -> str:
        """Give the next identifier of a kind: letters and digits, no prefix; ValueError for more than 85."""
        series = self._series.get(kind)
        if series is None or series.length != length:
            series = self._begin(kind, length, series)
        return (series.ahead or series.more()).pop()

    def _begin(self, kind: str, length: int, before: _Series | None) -> _Series:
        text = f"{self.seed}\x1f{self.nonce}\x1f{kind}\x1f"
        begun = hashlib.blake2b(text.encode(), digest_size=(3 * length + 3) // 4)
        # A kind is counted on whatever the length.
        given = before.count - len(before.ahead) if before is not None else 0
        series = self._series[kind] = _Series(begun, length, given)
        return series

    def reference(self, order: str) -> str:
        """Give the reference of an order that travels to the integration: at most 20 of [a-z0-9]."""
        text = f"{self.seed}\x1f{self.nonce}\x1forder\x1f{order}"
        number = int.from_bytes(hashlib.sha512(text.encode()).digest(), "big")
        letters = ""
        for _ in range(15):
            number, place = divmod(number, len(_BASE36))
            letters += _BASE36[place]
        return f"o{letters}"
