"""Time: the virtual clock of a world, and the only door to the machine's clocks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


def wall_ms() -> int:
    """Give the machine's wall clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def monotonic_ms() -> float:
    """Give a clock for measuring elapsed real milliseconds."""
    return time.perf_counter_ns() / 1_000_000


def utc_text(at_ms: int) -> str:
    """Write milliseconds since 1970 as RFC 3339 does, in UTC: 2026-01-31T12:00:00.000Z."""
    seconds, ms = divmod(at_ms, 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{ms:03}Z"


def cpu_ms() -> float:
    """Give the processor time of this process in milliseconds."""
    return time.process_time_ns() / 1_000_000


@dataclass(slots=True)
class Clock:
    """A world's virtual time: where its play started on the wall clock, plus its advances."""

    started_ms: int = field(default_factory=wall_ms)
    advanced_ms: int = 0

    def now_ms(self) -> int:
        """Give virtual milliseconds since 1970."""
        return self.started_ms + self.advanced_ms

    def now_s(self) -> int:
        """Give virtual whole seconds since 1970, as provider objects carry them."""
        return (self.started_ms + self.advanced_ms) // 1000

    def advance(self, by_ms: int) -> None:
        """Move virtual time forward; never back."""
        assert by_ms >= 0, "virtual time never goes back"
        self.advanced_ms += by_ms

    def jump_to(self, at_ms: int) -> None:
        """Move virtual time forward to a moment; a moment in the past moves nothing."""
        self.advance(max(0, at_ms - self.now_ms()))
