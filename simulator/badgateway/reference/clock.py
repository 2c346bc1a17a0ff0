"""The only door of this program to clocks, waiting, jitter and secrets."""

from __future__ import annotations

import random
import secrets
import threading
import time


class Clock:
    """The machine's clocks, a way to wait, and jitter that a seed makes repeatable."""

    def __init__(self, seed: int | None = None) -> None:
        self._jitter = random.Random(seed)  # noqa: S311 - spreads retries, guards nothing
        self._lock = threading.Lock()

    def wall_ms(self) -> int:
        """Give milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> float:
        """Give a clock for deadlines, in milliseconds."""
        return time.monotonic_ns() / 1_000_000

    def wait_ms(self, delay_ms: float) -> None:
        """Wait this long."""
        time.sleep(max(0.0, delay_ms) / 1000)

    def share(self) -> float:
        """Give a number from 0 up to 1 for jitter."""
        with self._lock:
            return self._jitter.random()


def new_token() -> str:
    """Give 128 unguessable bits as text: an idempotency key, a refund reference."""
    return secrets.token_hex(16)
