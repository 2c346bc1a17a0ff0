"""The debug check that nothing keeps the loop to itself: each callback over 50 ms is reported."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

SLOW_MS = 50
REPORTS_MAX = 100
_log = logging.getLogger("asyncio")


class Watch(logging.Filter):
    """Reports slow callbacks of the running loop while entered; both loops measure them in debug mode."""

    def __init__(self, on_slow: Callable[[str], None] | None = None, slow_ms: int = SLOW_MS) -> None:
        super().__init__()
        self._on_slow, self._slow_ms = on_slow, slow_ms
        self._was_debug = False
        self.reports: list[str] = []  # the first REPORTS_MAX, each a sentence

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._was_debug = loop.get_debug()
        loop.set_debug(True)
        loop.slow_callback_duration = self._slow_ms / 1000
        _log.addFilter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _log.removeFilter(self)
        asyncio.get_running_loop().set_debug(self._was_debug)

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the loop's notes of slow callbacks; let everything else pass."""
        if not str(record.msg).startswith("Executing "):
            return True
        report = record.getMessage()
        if len(self.reports) < REPORTS_MAX:
            self.reports.append(report)
        if self._on_slow is not None:
            self._on_slow(report)
        return False
