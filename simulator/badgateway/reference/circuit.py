"""The circuit breaker and the bulkhead of one provider: who may ask it now, and who may not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from badgateway.reference.breaking import Breaking
from badgateway.reference.clock import Clock

NOT_ASKED = ("circuit_open", "all_places_taken")


class NotAsked(Exception):
    """The provider was not asked; `code` says why: one of NOT_ASKED."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Circuit:
    """Closed while calls succeed, open after failures in a row, half open while one probe is under way.

    The bulkhead bounds how many threads wait for this provider at a time, so that there are always some
    left for health, views and webhooks; who finds no place is told so at once. Times are milliseconds.
    """

    def __init__(self, rules: Breaking, clock: Clock, failures_max: int, pause_ms: int, places: int) -> None:
        self._rules, self._clock = rules, clock
        self._failures_max, self._pause_ms = failures_max, pause_ms
        self._places = threading.BoundedSemaphore(places)
        self._lock = threading.Lock()
        self._failures = 0
        self._failed_at_ms = 0.0
        self._is_probing = False

    @property
    def is_doubtful(self) -> bool:
        """Say whether the last call failed, so that nobody knows whether the provider is there."""
        with self._lock:
            return self._failures > 0

    @contextmanager
    def place(self, *, is_probe: bool = False) -> Iterator[None]:
        """Take a place for one call; raises NotAsked. A probe may ask even while the circuit is open."""
        self._enter(is_probe=is_probe)
        if not self._places.acquire(blocking=False):
            self._end_probe()
            raise NotAsked("all_places_taken")
        try:
            yield
        finally:
            self._places.release()
            self._end_probe()

    def note(self, *, is_there: bool) -> None:
        """Remember how a call ended: the provider answered, or it failed."""
        with self._lock:
            self._failures = 0 if is_there else self._failures + 1
            self._failed_at_ms = self._clock.monotonic_ms()

    def hear(self) -> None:
        """Take a sign of life, such as a genuine event: the next call may find out, without a pause."""
        with self._lock:
            self._failed_at_ms = float("-inf")

    def _enter(self, *, is_probe: bool) -> None:
        with self._lock:
            if not self._rules.opens(self._failures, self._failures_max):
                return
            open_for_ms = self._clock.monotonic_ms() - self._failed_at_ms
            may_probe = is_probe or self._rules.probes(open_for_ms, self._pause_ms)
            if self._is_probing or not may_probe:
                raise NotAsked("circuit_open")
            self._is_probing = True

    def _end_probe(self) -> None:
        with self._lock:
            self._is_probing = False
