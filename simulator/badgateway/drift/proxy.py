"""A recording reverse proxy: each call goes on to a real sandbox, and is written down without secrets."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from badgateway.drift.noting import BODY_BYTES_MAX, answered, asked
from badgateway.drift.recording import Exchange, Tape
from badgateway.drift.upstream import Unreachable, Upstream
from badgateway.drift.veil import Veil
from badgateway.ground.clock import monotonic_ms
from badgateway.ground.message import Headers, Reply, Request
from badgateway.providers import DIALECTS
from badgateway.providers.base import Dialect
from badgateway.server.bounds import Bounds
from badgateway.server.connection import EXTENSION, Connection, Send
from badgateway.server.doorway import Receive, TooLarge, read_body, request_of
from badgateway.server.edge import Listener

_log = logging.getLogger("badgateway.drift")


@dataclass(slots=True)
class Tally:
    """What was recorded so far."""

    statuses: Counter[int] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)  # calls without a whole answer, by why
    opaque: int = 0  # bodies that were passed on, and only counted

    @property
    def exchanges(self) -> int:
        """Give how many calls were written down."""
        return self.statuses.total() + self.problems.total()


async def record(
    upstream: str,
    provider: str,
    out: Path,
    *,
    port: int = 0,
    tally: Tally,
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Record until cancelled; `on_ready` is told the address for the integration.

    Raises InputError for an upstream that is no address and for a file that is there already,
    EnvironmentProblem where the port is taken or the disk refuses a line.
    """
    dialect = DIALECTS[provider]
    async with Upstream(upstream) as real:
        with Tape(out, dialect.name, real.url) as tape:
            relay = Relay(real, tape, dialect, tally)
            async with Listener(relay, "127.0.0.1", port, Bounds(), _log.warning) as listener:
                on_ready(listener.url)
                raise await relay.failed


class Relay:
    """The ASGI application of the proxy."""

    def __init__(self, upstream: Upstream, tape: Tape, dialect: Dialect, tally: Tally) -> None:
        self.failed: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self._upstream, self._tape, self._dialect, self._tally = upstream, tape, dialect, tally
        self._veil = Veil(frozenset(dialect.cards.values()))
        self._numbers = count(1)
        self._began_ms = monotonic_ms()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Take one call to the upstream and back; it is written down once it is over."""
        connection: Connection = scope["extensions"][EXTENSION]
        try:
            body = await read_body(receive, BODY_BYTES_MAX)
            if body is not None:
                await self._take(request_of(scope, body), connection, send)
        except TooLarge:
            await _say(send, 413, "the request body is over the bound of the recording proxy")
        except Exception as error:  # handed on, and raised again
            # A full disk, or our own bug: whoever records has to know that the recording is not whole.
            if not self.failed.done():
                self.failed.set_result(error)
            raise

    async def _take(self, request: Request, connection: Connection, send: Send) -> None:
        n, since_ms = next(self._numbers), monotonic_ms()
        noted = asked(request, self._veil, self._dialect)
        reply, problem = await self._pass_on(request, connection, send)
        times = round(since_ms - self._began_ms), round(monotonic_ms() - since_ms)
        told = answered(reply, self._veil) if reply is not None else None
        self._keep(Exchange(n, *times, noted, told, problem))

    async def _pass_on(
        self, request: Request, connection: Connection, send: Send
    ) -> tuple[Reply | None, str | None]:
        """Pass a call on; give its whole answer, or what kept it away."""
        is_begun, kept = False, bytearray()
        try:
            async with self._upstream.asked(request) as arriving:
                await send(_start(arriving.status, arriving.headers))
                is_begun = True
                async for piece in arriving.pieces:
                    # One byte too many shows that it was longer, and no more is kept of it.
                    kept += piece[: BODY_BYTES_MAX + 1 - len(kept)]
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return Reply(arriving.status, bytes(kept), arriving.headers), None
        except Unreachable as error:
            if is_begun:
                connection.transport.abort()  # so that half an answer is not taken for a whole one
            else:
                await _say(send, 502, f"{self._upstream.url}: {error}")
            return None, str(error)

    def _keep(self, exchange: Exchange) -> None:
        reply = exchange.reply
        if reply is not None:
            self._tally.statuses[reply.status] += 1
            self._tally.opaque += reply.body.kind == "opaque"
        else:
            self._tally.problems[exchange.problem or ""] += 1
        self._tally.opaque += exchange.request.body.kind == "opaque"
        self._tape.keep(exchange)


def _start(status: int, headers: Headers) -> dict[str, Any]:
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": lines}


async def _say(send: Send, status: int, what: str) -> None:
    """Answer for ourselves, in words that name us and nobody else."""
    body = json.dumps({"error": f"badgateway record: {what}"}).encode()
    headers = (("content-type", "application/json"), ("content-length", str(len(body))))
    await send(_start(status, headers))
    await send({"type": "http.response.body", "body": body, "more_body": False})
