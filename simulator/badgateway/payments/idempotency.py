"""Idempotency keys: who came first with a key, what it was told, and for how long that is remembered."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Chronicle

HOUR_MS = 3_600_000
SLACK_MS = HOUR_MS  # virtual; so much later are keys cleared away that are forgotten already

Stored = TypeVar("Stored")


class Rules(Struct, frozen=True, gc=False):
    """What a provider says about its keys. Times are virtual milliseconds.

    The defaults are what card providers document: a day, and every answer of a request that was begun, with
    declines and server errors; not the refusal of malformed input, of a wrong credential or of haste.
    """

    retention_ms: int = 24 * HOUR_MS
    stores: frozenset[str] = frozenset({"success", "refusal", "decline", "server_error"})

    def keeps(self, kind: str) -> bool:
        """Say whether an answer of this kind is remembered, for `is_stored` of `finish`."""
        return kind in self.stores


class Fresh(Struct, frozen=True, gc=False):
    """Nobody came with this key, or it is forgotten: carry the request out, then `finish` or `abandon`."""


FRESH = Fresh()


class Replay(Struct, Generic[Stored], frozen=True, gc=False):
    """The same request came before: give this again."""

    stored: Stored


class InFlight(Struct, frozen=True, gc=False):
    """The same request came before and is not answered yet."""


class Mismatch(Struct, frozen=True, gc=False):
    """The key belongs to another request."""


class _Known(Struct, Generic[Stored], frozen=True, gc=False):
    fingerprint: str
    began_ms: int
    answer: Stored


class KeyStore(Generic[Stored]):
    """The keys of one account, generic over what is stored; the caller brings the virtual time."""

    def __init__(self, rules: Rules | None = None, attic: Attic | None = None) -> None:
        self.rules = rules or Rules()
        self._known: Chronicle[_Known[Stored]] = Chronicle(attic or Attic(), is_bulky=True)
        self._in_flight: dict[str, tuple[str, int]] = {}  # key -> fingerprint, and when it began
        self._oldest_ms: int | None = None  # when the first key began; None: there is none

    def begin(
        self, key: str | None, fingerprint: str, now_ms: int
    ) -> Fresh | Replay[Stored] | InFlight | Mismatch:
        """Say what a request with this key is; one without a key is always fresh and never remembered."""
        if self._oldest_ms is not None and now_ms - self._oldest_ms >= self.rules.retention_ms + SLACK_MS:
            self._forget(now_ms)
        if key is None:
            return FRESH
        begun = self._in_flight.get(key)
        if begun is not None:
            return InFlight() if begun[0] == fingerprint else Mismatch()
        known = self._known.get(key)
        if known is not None:
            if not self._is_over(known, now_ms):
                return Replay(known.answer) if known.fingerprint == fingerprint else Mismatch()
            del self._known[key]
        self._in_flight[key] = fingerprint, now_ms
        if self._oldest_ms is None:
            self._oldest_ms = now_ms
        return FRESH

    def finish(self, key: str | None, stored: Stored, *, is_stored: bool) -> None:
        """Remember what a fresh request was told, or forget its key where the answer is not kept."""
        if key is None:
            return
        begun = self._in_flight.pop(key, None)
        assert begun is not None, "a request begins before it ends, and ends once"
        if is_stored:
            self._known.add(key, _Known(*begun, stored))

    def overwrite(self, key: str | None, stored: Stored) -> None:
        """Remember another answer than the one that a key was given; a key that has none stays as it is."""
        known = self._known.get(key)
        if key is not None and known is not None:
            self._known[key] = _Known(known.fingerprint, known.began_ms, stored)

    def abandon(self, key: str | None) -> None:
        """Forget a fresh request that was never carried out; a key that has its answer keeps it."""
        if key is not None:
            self._in_flight.pop(key, None)

    def __len__(self) -> int:
        return len(self._known) + len(self._in_flight)

    def _is_over(self, known: _Known[Stored], now_ms: int) -> bool:
        return now_ms - known.began_ms >= self.rules.retention_ms

    def _forget(self, now_ms: int) -> None:
        """Take the keys away that nobody can use any more, many at a time."""
        # Keys stand in the order of their ending: one that was long in flight waits for the next time.
        old, left = [], [began_ms for _, began_ms in self._in_flight.values()]
        for key, known in self._known.oldest_first():
            if not self._is_over(known, now_ms):
                left.append(known.began_ms)
                break
            old.append(key)
        self._oldest_ms = min(left, default=None)
        for key in old:
            del self._known[key]
