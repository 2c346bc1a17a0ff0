"""A barrier for a burst: its members stop before their last byte, and let it go together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from badgateway.ground.clock import monotonic_ms

SETTLE_S = 0.002  # real; what was written before the last byte shall have arrived


class Barrier:
    """Holds the last bytes of a burst until every member is there, or the cut-off has passed."""

    def __init__(self, members: int, cutoff_ms: float) -> None:
        self.was_complete = False
        self.opened_ms = 0.0
        self._members, self._waiting = members, 0
        self._cutoff_s = cutoff_ms / 1000
        self._open = asyncio.Event()

    async def wait(self) -> None:
        """Say that this member has only its last byte left, and wait for the others."""
        self._waiting += 1
        if self._waiting == 1:
            asyncio.get_running_loop().call_later(self._cutoff_s, self._release)
        self._settle()
        await self._open.wait()

    def leave(self) -> None:
        """Say that this member is over, whether or not it reached its last byte."""
        if not self._open.is_set():
            self._members -= 1
            self._settle()

    def _settle(self) -> None:
        if self._waiting >= self._members:
            self.was_complete = self._waiting > 1
            # What was written last shall have arrived, so that all wait for nothing but a last byte.
            asyncio.get_running_loop().call_later(SETTLE_S, self._release)

    def _release(self) -> None:
        if not self._open.is_set():
            self.opened_ms = monotonic_ms()
            self._open.set()


async def held_back(body: bytes, barrier: Barrier) -> AsyncIterator[bytes]:
    """Give a body in two pieces: all but its last byte, and, when the barrier opens, that byte."""
    yield body[:-1]
    await barrier.wait()
    yield body[-1:]
