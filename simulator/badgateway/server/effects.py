"""The one place where an effect touches the transport."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from msgspec import Struct

from badgateway.faults.base import Effect
from badgateway.ground.message import Reply
from badgateway.server.bounds import Bounds, OnBound
from badgateway.server.connection import Connection, Send
from badgateway.server.heads import BODILESS, OURS, head_of

PIECES_PER_S = 20  # of a trickling body


class Sent(Struct):
    """What was handed to the transport so far; bytes are counted of the body."""

    is_complete: bool = False
    bytes_sent: int = 0


@dataclass(slots=True)
class Effects:
    """Carries effects out, and counts the calls that it keeps waiting."""

    bounds: Bounds
    on_bound: OnBound
    held: int = field(default=0, init=False)

    async def carry_out(self, effect: Effect, connection: Connection, send: Send, sent: Sent) -> None:
        """Do to the transport what the effect says; whoever calls it ends it when the other side leaves."""
        is_slow = takes_time(effect)
        if not is_slow and say_at_once(effect, connection, sent):
            return
        if is_slow and self.held >= self.bounds.held_max:
            self.on_bound(f"{self.bounds.held_max} calls are held already; one more was answered with 503")
            effect, is_slow = Effect(_refusal(self.bounds.held_max)), False
        self.held += is_slow
        try:
            if effect.wait_ms is None:
                await asyncio.get_running_loop().create_future()
            elif effect.wait_ms:
                await asyncio.sleep(effect.wait_ms / 1000)
            if effect.reply is not None:
                await _speak(effect, effect.reply, connection, send, sent)
        finally:
            self.held -= is_slow
        if effect.ending == "fin":
            connection.transport.close()
        elif effect.ending == "rst":
            _reset(connection)


def takes_time(effect: Effect) -> bool:
    """Say whether an effect keeps a call waiting, or its answer on its way."""
    return effect.wait_ms != 0 or effect.bytes_per_s is not None


def say_at_once(effect: Effect, connection: Connection, sent: Sent) -> bool:
    """Send an ordinary answer that takes no time as one piece; False: there is more to it."""
    reply = effect.reply
    if (
        reply is None
        or not connection.is_at_once
        or effect.ending != "keep"
        or effect.body_bytes_max is not None
        or not connection.has_room
    ):
        return False
    length = len(reply.body)
    head = head_of(reply.status, reply.headers, length)
    if head is None:
        return False
    connection.answer(head + reply.body)
    sent.is_complete, sent.bytes_sent = True, length
    return True


async def _speak(effect: Effect, reply: Reply, connection: Connection, send: Send, sent: Sent) -> None:
    body = b"" if reply.status in BODILESS else reply.body
    kept = body if effect.body_bytes_max is None else body[: effect.body_bytes_max]
    await send({"type": "http.response.start", "status": reply.status, "headers": _headers(reply, len(body))})
    if effect.bytes_per_s is not None:
        async for piece in _paced(kept, effect.bytes_per_s):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            sent.bytes_sent += len(piece)
        kept = b""
    # To say that this was all would make the connection ready for its next request, even if it shall end.
    is_last = effect.ending == "keep"
    is_heard = not connection.is_gone
    await send({"type": "http.response.body", "body": kept, "more_body": not is_last})
    sent.bytes_sent += len(kept) if is_heard else 0
    sent.is_complete = is_heard and sent.bytes_sent == len(body) and effect.ending != "rst"


async def _paced(body: bytes, bytes_per_s: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    size = max(1, bytes_per_s // PIECES_PER_S)
    began = loop.time()
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        await asyncio.sleep(began + (start + len(piece)) / bytes_per_s - loop.time())
        yield piece


def _headers(reply: Reply, length: int) -> list[tuple[bytes, bytes]]:
    lines = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in reply.headers
        if name.lower() not in OURS
    ]
    if reply.status not in BODILESS:
        lines.append((b"content-length", b"%d" % length))
    return lines


def _reset(connection: Connection) -> None:
    """Tear down: closing with a linger of no time makes the kernel send RST (RFC 9293, 3.10.5)."""
    theirs = connection.transport.get_extra_info("socket")
    # A copy of the descriptor works with every loop, whatever kind of socket it hands out.
    with socket.socket(fileno=os.dup(theirs.fileno())) as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.transport.abort()


def _refusal(held_max: int) -> Reply:
    return Reply(503, b'{"error": "badgateway: %d calls are held already"}' % held_max)
