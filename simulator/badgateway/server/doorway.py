"""How one request travels: read, arrive, first gate, commit, second gate, effect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from badgateway.errors import BadGatewayError
from badgateway.faults.base import Effect
from badgateway.ground.message import Reply, Request
from badgateway.play.seam import Exchange, Lingering, Switchboard
from badgateway.server.bounds import Bounds, OnBound
from badgateway.server.connection import EXTENSION, Connection, Send
from badgateway.server.effects import Effects, Sent, say_at_once, takes_time
from badgateway.server.rendering import ProviderApp

Receive = Callable[[], Awaitable[Mapping[str, Any]]]  # ASGI
OnBug = Callable[[BadGatewayError], None]


class TooLarge(Exception):
    """The body of a request is over its bound."""


class Doorway:
    """The ASGI application in front of all worlds."""

    def __init__(self, switchboard: Switchboard, bounds: Bounds, on_bound: OnBound, on_bug: OnBug) -> None:
        self._switchboard, self._bounds = switchboard, bounds
        self._on_bound, self._on_bug = on_bound, on_bug
        self._app = ProviderApp()
        self._effects = Effects(bounds, on_bound)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Take one request to its end; nothing is raised to uvicorn, which could only log it."""
        connection: Connection = scope["extensions"][EXTENSION]
        try:
            body = await read_body(receive, self._bounds.body_bytes_max)
        except TooLarge:
            await self.refuse_body(connection, send)
            return
        if body is None:
            return
        await connection.departure.or_result(self.take(request_of(scope, body), connection, send))
        if connection.transport.is_closing():
            # Uvicorn takes a request without an answer for a mistake, unless its connection is gone.
            await connection.departure.happened.wait()

    async def refuse_body(self, connection: Connection, send: Send) -> None:
        """Answer a request whose body is over its bound."""
        self._on_bound(f"a request body over {self._bounds.body_bytes_max} bytes was answered with 413")
        # What is still to come of the body is read and dropped, so the client can hear this answer.
        refusal = Reply(413, b'{"error": "badgateway: the request body is over its bound"}')
        await self._effects.carry_out(Effect(refusal), connection, send, Sent())

    async def take(self, request: Request, connection: Connection, send: Send) -> None:
        """Take one whole request to its end; nothing is raised."""
        exchange, sent = None, Sent()
        try:
            exchange = self._switchboard.arrive(request)
            effect = await exchange.admit()
            if effect is None:
                effect = await exchange.release(self._app.answer(request, exchange))
            is_slow = takes_time(effect)
            if is_slow:
                # Thousands may be held, and the rest of a request may be large.
                request = Request(request.method, request.path)
                await _name_carrier(exchange, connection)
            if is_slow or not say_at_once(effect, connection, sent):
                await self._effects.carry_out(effect, connection, send, sent)
        except asyncio.CancelledError:
            connection.transport.abort()  # The other side left, or the edge stops: there is nobody to tell.
        except Exception as error:  # noqa: BLE001 - our own bug must reach the client as such, not as the provider's
            await self._own_up(error, request, connection, send, sent)
        finally:
            if exchange is not None:
                self._finish(exchange, request, sent)

    def _finish(self, exchange: Exchange, request: Request, sent: Sent) -> None:
        try:
            exchange.finished(is_complete=sent.is_complete, bytes_sent=sent.bytes_sent)
        except Exception as error:  # noqa: BLE001 - the answer is out; what is left is to say it
            self._on_bug(_bug(error, request))

    async def _own_up(
        self, error: Exception, request: Request, connection: Connection, send: Send, sent: Sent
    ) -> None:
        bug = _bug(error, request)
        self._on_bug(bug)
        page = Reply(
            500, b'{"error": "badgateway: this is a bug of the simulator, not an answer of the provider"}'
        )
        try:
            marked = page.with_header("x-badgateway-bug", type(error).__name__)
            await self._effects.carry_out(Effect(marked), connection, send, sent)
        except (RuntimeError, asyncio.CancelledError):
            connection.transport.abort()  # A head is out, and there is no second one; or nobody hears it.


async def _name_carrier(exchange: Exchange, connection: Connection) -> None:
    """Tell an exchange that can be ended from inside which task carries it out."""
    if isinstance(exchange, Lingering):
        if connection.is_at_once:
            await asyncio.sleep(0)  # The first wait of a request is where it becomes a task of its own.
        carrier = asyncio.current_task()
        assert carrier is not None, "what waits is a task"
        exchange.carried_by(carrier)


async def read_body(receive: Receive, bytes_max: int) -> bytes | None:
    """Read the whole body, or give None where the client left before its end; raises TooLarge."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message["body"]
        if len(body) > bytes_max:
            raise TooLarge
        if not message["more_body"]:
            return bytes(body)


def request_of(scope: Mapping[str, Any], body: bytes) -> Request:
    """Give a request as a plain value."""
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        body=body,
    )


def _bug(error: Exception, request: Request) -> BadGatewayError:
    bug = BadGatewayError(
        f"the simulator failed at {request.method} {request.path}: {type(error).__name__}: {error}"
    )
    bug.__cause__ = error
    return bug
