"""Idempotency keys: who came first with a key, what it was told, and for how long that is remembered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Chronicle
from badgateway.ground.records import quickly_made

HOUR_MS = 3_600_000
SLACK_MS = HOUR_MS  # virtual; so much later are keys cleared away that are forgotten already

Stored = TypeVar("Stored")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a provider says about its keys. Times are virtual milliseconds.

    The defaults are what card providers document: a day, and every answer of a request that was begun, with
    declines and server errors; not the refusal of malformed input, of a wrong credential or of haste.
    """

    retention_ms: int = 24 * HOUR_MS
    stores: frozenset[str] = frozenset({"success", "refusal", "decline", "server_error"})

    def keeps(self, kind: str) -> bool:
        """Say whether an answer of this kind is remembered, for `is_stored` of `finish`."""
        return kind in self.stores


@dataclass(frozen=True, slots=True)
class Fresh:
    """Nobody came with this key, or it is forgotten: carry the request out, then `finish` or `abandon`."""


FRESH = Fresh()


@dataclass(frozen=True, slots=True)
class Replay(Generic[Stored]):
    """The same request came before: give this again."""

    stored: Stored


@dataclass(frozen=True, slots=True)
class InFlight:
    """The same request came before and is not answered yet."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The key belongs to another request."""


@quickly_made
@dataclass(frozen=True, slots=True)
class _Known(Generic[Stored]):
    fingerprint: str
    began_ms: int
    answer: tuple[Stored] | None = None  # a tuple, so that None may be stored


class KeyStore(Generic[Stored]):
    """The keys of one account, generic over what is stored; the caller brings the virtual time."""

    def __init__(self, rules: Rules | None = None, attic: Attic | None = None) -> None:
        self.rules = rules or Rules()
        self._known: Chronicle[_Known[Stored]] = Chronicle(attic or Attic(), is_bulky=True)
        self._oldest_ms: int | None = None  # no key began before it; None: there is none

    def begin(
        self, key: str | None, fingerprint: str, now_ms: int
    ) -> Fresh | Replay[Stored] | InFlight | Mismatch:
        """Say what a request with this key is; one without a key is always fresh and never remembered."""
        if self._oldest_ms is not None and now_ms - self._oldest_ms >= self.rules.retention_ms + SLACK_MS:
            self._forget(now_ms)
        if key is None:
            return FRESH
        known = self._known.get(key)
        if known is not None and self._is_over(known, now_ms):
            del self._known[key]
            known = None
        if known is None:
            self._known.add(key, _Known(fingerprint, now_ms))
            self._oldest_ms = now_ms if self._oldest_ms is None else self._oldest_ms
            return FRESH
        if known.fingerprint != fingerprint:
            return Mismatch()
        return InFlight() if known.answer is None else Replay(known.answer[0])

    def finish(self, key: str | None, stored: Stored, *, is_stored: bool) -> None:
        """Remember what a fresh request was told, or forget its key where the answer is not kept."""
        if key is None:
            return
        known = self._known.get(key)
        assert known is not None, "a request begins before it ends"
        assert known.answer is None, "a request ends once"
        if is_stored:
            self._known[key] = _Known(known.fingerprint, known.began_ms, (stored,))
        else:
            del self._known[key]

    def overwrite(self, key: str | None, stored: Stored) -> None:
        """Remember another answer than the one that a key was given; a key that has none stays as it is."""
        known = self._known.get(key) if key is not None else None
        if key is not None and known is not None and known.answer is not None:
            self._known[key] = replace(known, answer=(stored,))

    def abandon(self, key: str | None) -> None:
        """Forget a fresh request that was never carried out; a key that has its answer keeps it."""
        known = self._known.get(key) if key is not None else None
        if key is not None and known is not None and known.answer is None:
            del self._known[key]

    def __len__(self) -> int:
        return len(self._known)

    def _is_over(self, known: _Known[Stored], now_ms: int) -> bool:
        # One in flight always stays.
        return known.answer is not None and now_ms - known.began_ms >= self.rules.retention_ms

    def _forget(self, now_ms: int) -> None:
        """Take the keys away that nobody can use any more, many at a time."""
        # Keys stand in the order of their beginning: the old ones are in front.
        old, left = [], []
        for key, known in self._known.oldest_first():
            if self._is_over(known, now_ms):
                old.append(key)
            else:
                left.append(known.began_ms)
                if now_ms - known.began_ms < self.rules.retention_ms:
                    break
        self._oldest_ms = min(left, default=None)
        for key in old:
            del self._known[key]
