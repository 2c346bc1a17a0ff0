"""What leaves on one connection: the head of an answer goes with the body that follows at once."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl

from badgateway.ground.latch import Latch

_HEAD = b"HTTP/1.1 "
_INTERIM = b"HTTP/1.1 1"  # a client waits for 100 Continue, and no body follows


class Outgoing:
    """A transport that makes one piece of head and body, in one turn of the loop, and passes all else on.

    Each write is a system call, and a piece of its own on the wire.
    """

    __slots__ = ("_head", "_loop", "_transport", "is_closing", "write_now")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._head: bytes | None = None
        self.write_now = transport.write
        self.is_closing = transport.is_closing  # asked often: no call in between

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep a head until the next piece, or until the loop turns."""
        if self._head is not None:
            head, self._head = self._head, None
            self.write_now(head + data)
        elif isinstance(data, bytes) and data.startswith(_HEAD) and not data.startswith(_INTERIM):
            self._head = data
            self._loop.call_soon(self.flush)
        else:
            self.write_now(data)

    def flush(self) -> None:
        """Send a head that nothing followed."""
        if self._head is not None:
            head, self._head = self._head, None
            self.write_now(head)

    def close(self) -> None:
        """Close when everything is out."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self.flush()
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        """Pass all else on."""
        return getattr(self._transport, name)


class Flow(FlowControl):
    """Uvicorn's flow control, without an event (0.8 KiB) for a client that reads what it is sent."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.read_paused = self.write_paused = False
        self._room = Latch()

    async def drain(self) -> None:
        """Wait until there is room again for what is written."""
        if self.write_paused:
            await self._room.wait()

    def pause_writing(self) -> None:
        """Note that the client reads more slowly than it is written to."""
        if not self.write_paused:
            self.write_paused, self._room = True, Latch()

    def resume_writing(self) -> None:
        """Wake whoever waits for room."""
        if self.write_paused:
            self.write_paused = False
            self._room.set()
