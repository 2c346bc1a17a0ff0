"""A latch: shut at first, opened once, and waited for by few; thousands of them may be about."""

from __future__ import annotations

import asyncio


class Latch:
    """Opens once and stays open.

    An event of asyncio keeps more than half a kilobyte for those who may wait, whether or not anybody does;
    nearly every latch of a call is never waited for.
    """

    __slots__ = ("_is_open", "_waiting")

    def __init__(self, *, is_open: bool = False) -> None:
        self._is_open = is_open
        self._waiting: list[asyncio.Future[None]] | None = None

    def is_set(self) -> bool:
        """Say whether it is open."""
        return self._is_open

    def set(self) -> None:
        """Open it, and wake all who wait in the order in which they came."""
        self._is_open = True
        waiting, self._waiting = self._waiting, None
        for one in waiting or ():
            if not one.done():
                one.set_result(None)

    async def wait(self) -> None:
        """Wait until it is open."""
        if self._is_open:
            return
        mine = asyncio.get_running_loop().create_future()
        if self._waiting is None:
            self._waiting = []
        self._waiting.append(mine)
        try:
            await mine
        finally:
            if self._waiting is not None:
                self._waiting.remove(mine)
