"""Waiting that ends when the other side leaves, without losing what was already granted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Generator
from types import coroutine
from typing import Any, TypeVar

from badgateway.ground.latch import Latch

Result = TypeVar("Result")
_NOT_BEGUN = object()


class Departure:
    """The end of one connection, as the one request that it is busy with sees it."""

    __slots__ = ("_awaited", "_loop", "_task", "happened")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._task: asyncio.Task[Any] | None = None  # set while a request waits
        self._awaited: asyncio.Future[Any] | None = None
        self.happened = Latch()

    def happen(self) -> None:
        """Note that the connection is gone, and end the wait that is on."""
        self.happened.set()
        self._loop.call_soon(self._end_wait)

    @coroutine
    def or_result(
        self, awaitable: Awaitable[Result], awaited: Any = _NOT_BEGUN
    ) -> Generator[Any, Any, Result]:
        """Await something; its wait raises CancelledError when the other side leaves before it is granted.

        `awaited`: what it waits for already, where it was begun outside of any task.
        """
        steps = awaitable.__await__()
        self._task = asyncio.current_task()
        if self.happened.is_set():
            self._loop.call_soon(self._end_wait)
        try:
            self._awaited = next(steps) if awaited is _NOT_BEGUN else awaited
            while True:
                try:
                    granted = yield self._awaited
                except BaseException as error:  # noqa: BLE001 - handed on to whom it was meant for
                    self._awaited = steps.throw(error)
                else:
                    self._awaited = steps.send(granted)
        except StopIteration as end:
            result: Result = end.value
            return result
        finally:
            self._task = self._awaited = None

    def _end_wait(self) -> None:
        if self._task is None:
            return
        if self._awaited is None or self._awaited.done():
            # It was granted in this very turn: the request goes on first, and then the question comes again.
            self._loop.call_soon(self._end_wait)
        else:
            self._task.cancel()
