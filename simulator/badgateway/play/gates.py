"""Gates: where the integration's calls park until the player lets them pass, and how quiet is found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from badgateway.ground.latch import Latch

if TYPE_CHECKING:
    from badgateway.play.exchange import Call

CALLS_MAX = 5_000  # of one play; what comes after them is never let in


class Gates:
    """The calls of one world that have arrived and are not over."""

    def __init__(self) -> None:
        # In the order of their arrival; a table, because thousands may wait and each of them leaves once.
        self.calls: dict[Call, None] = {}
        self.at_work: dict[Call, None] = {}  # those of them for which a fault keeps the provider at work
        self.arrived = 0
        self.parked_ms = 0.0  # all time spent at our gates so far, real
        self.quiet_ms = 0.0  # all time spent listening into the silence, real
        self.awaited: Latch | None = None  # what opens when something happens, where somebody waits for it

    def arrive(self, call: Call) -> None:
        """Count a call in."""
        self.calls[call] = None
        self.arrived += 1
        if self.awaited is not None:
            self.note()

    @property
    def is_flooded(self) -> bool:
        """Say whether more calls came than one play takes."""
        return self.arrived > CALLS_MAX

    def leave(self, call: Call) -> None:
        """Count a call out, once."""
        self.calls.pop(call, None)
        if self.at_work:
            self.at_work.pop(call, None)
        if self.awaited is not None:
            self.note()

    def note(self) -> None:
        """Wake whoever waits for something to happen."""
        if self.awaited is not None:
            opened, self.awaited = self.awaited, None
            opened.set()

    def parked(self) -> list[Call]:
        """Give the calls that wait at the first gate in canonical order, whatever order they came in."""
        if self.is_flooded:
            return []
        return sorted((call for call in self.calls if call.is_parked), key=lambda call: call.canonical)

    def is_busy(self) -> bool:
        """Say whether a call is on its way: let in, not yet answered, and not held for ever."""
        return any(call.is_moving for call in self.calls)

    async def changed(self, tasks: Iterable[asyncio.Future[Any]], timeout_ms: float | None) -> bool:
        """Wait until a call moves or a task ends; False: nothing did, in this much real time."""
        if self.awaited is None:
            self.awaited = Latch()
        waiter = asyncio.ensure_future(self.awaited.wait())
        try:
            done, _ = await asyncio.wait(
                {waiter, *(task for task in tasks if not task.done())},
                timeout=None if timeout_ms is None else timeout_ms / 1000,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            waiter.cancel()
        return bool(done)
