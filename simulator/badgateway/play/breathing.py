"""Between plays: an integration that has just left its provider alone is given the pause that it declares."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from badgateway.ground.clock import monotonic_ms
from badgateway.integration.model import Declares
from badgateway.journal.entry import Entry

_MARGIN_MS = 1_000  # it hears of a call that we let go a little later


@dataclass(slots=True)
class Breath:
    """How many calls of one running integration failed in a row, play after play, and until when it rests."""

    failures: int = 0
    until_ms: float = 0  # monotonic

    async def take(self) -> None:
        """Wait until the integration asks its provider again; a fault could not strike before."""
        if (rest_ms := self.until_ms - monotonic_ms()) > 0:
            await asyncio.sleep(rest_ms / 1000)

    def note(self, entries: Iterable[Entry], declares: Declares) -> None:
        """Remember how the calls of a play ended; without a declared breaker nothing is waited for."""
        for entry in entries:
            if entry.kind == "call.answered":
                status = entry.data["status"]
                is_well = entry.data["is_complete"] and status is not None and status < 500
                self.failures = 0 if is_well else self.failures + 1
        is_open = declares.breaker_failures is not None and self.failures >= declares.breaker_failures
        pause_ms = declares.breaker_pause_ms if is_open else None
        self.until_ms = monotonic_ms() + pause_ms + _MARGIN_MS if pause_ms is not None else 0
