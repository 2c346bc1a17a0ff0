"""One connection of a client: uvicorn's protocol, and a short way past it for ordinary requests."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from badgateway.ground.latch import Latch
from badgateway.ground.message import Request
from badgateway.server.bounds import Bounds, OnBound
from badgateway.server.departure import Departure
from badgateway.server.outgoing import Flow, Outgoing

EXTENSION = "badgateway.connection"  # in an ASGI scope's extensions
Send = Callable[[Mapping[str, Any]], Awaitable[None]]  # ASGI

_SHORT, _ASGI, _NOWHERE = "short", "asgi", "nowhere"  # the ways of a request that is being read
# Uvicorn only asks whether it is HEAD or says "close", and neither goes the short way.
_SHORT_SCOPE: Any = {"method": "POST", "headers": ()}
_NOTHING_QUEUED: Any = ()  # until a request is pipelined: a queue takes half a kilobyte

# Uvicorn asks its logger's level on each event; this one has nothing to say, whatever the user has set up.
_silent = logging.getLogger("badgateway.server.uvicorn")
_silent.setLevel(logging.CRITICAL + 1)


class _HeadTooLarge(Exception):
    """A head is over its bound; the parser turns whatever its callbacks raise into a malformed request."""


class ShortWay(Protocol):
    """Takes whole requests in the callback that read their last byte; what waits goes on as a task."""

    async def take(self, request: Request, connection: Connection, send: Send) -> None:
        """Take one request to its end. Raises nothing."""

    async def refuse_body(self, connection: Connection, send: Send) -> None:
        """Answer a request whose body is over its bound."""


class Connection(HttpToolsProtocol):
    """A client's connection, with its transport, its departure and its bounds."""

    # Beyond thirty attributes the interpreter gives each instance a whole table of its own, a kilobyte more.
    __slots__ = (
        "_asked",
        "_body",
        "_bounds",
        "_head_bytes",
        "_head_bytes_max",
        "_idle_since_s",
        "_is_first",
        "_late",
        "_named",
        "_on_bound",
        "_outgoing",
        "_short_way",
        "_way",
        "departure",
        "is_at_once",
    )

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        bounds: Bounds,
        on_bound: OnBound,
        short_way: ShortWay | None = None,
    ) -> None:
        super().__init__(config, state, {}, loop)
        self.logger, self.access_log = _silent, False
        self.pipeline = _NOTHING_QUEUED
        self.departure = Departure(loop)
        self._bounds, self._on_bound, self._short_way = bounds, on_bound, short_way
        self._head_bytes, self._head_bytes_max = 0, bounds.head_bytes_max
        self._way = _NOWHERE
        self._asked = "", "", ""  # method, path and query of a request on the short way
        self._named: list[tuple[str, str]] = []  # headers of the request that is being read
        self._body: bytes | bytearray = b""  # of it, as far as it has come; nearly always one piece
        self._late: RequestResponseCycle | None = None  # uvicorn's part in it, once it waits or ends oddly
        self._is_first = False  # no request went the short way since data came in
        self._idle_since_s: float | None = None  # None while there is something to do
        self.is_at_once = False  # a request is on the short way, and nothing came between

    @property
    def is_gone(self) -> bool:
        """Say whether nothing can be sent any more."""
        return self.departure.happened.is_set() or self.transport.is_closing()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # asyncio promises less than TCP gives
        """Take a connection in, or drop it where there are too many."""
        # Uvicorn's own would look up both addresses, for which nobody asks.
        self.connections.add(self)
        self._outgoing = Outgoing(transport, self.loop)
        self.transport = cast("asyncio.Transport", self._outgoing)
        self.flow = Flow(self.transport)
        if len(self.connections) > self._bounds.connections_max:
            self._on_bound(f"more than {self._bounds.connections_max} connections are open; one was dropped")
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that the client is gone."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        # What leads back to a connection would keep it in memory.
        if self._late is not None:
            self._late.on_response = _nothing
        self.scope = self.cycle = cast("Any", None)
        self.pipeline = _NOTHING_QUEUED
        self.departure.happen()

    def data_received(self, data: bytes) -> None:
        """Read what came in; requests that are whole are on their way when this returns."""
        self._is_first = True
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # to what, we do not speak: the request itself is answered as any other
        except httptools.HttpParserError as error:
            cause = error.__context__
            if cause is not None and not isinstance(cause, Exception):
                raise cause from None  # the user's interrupt, which the parser takes for its own
            self.send_400_response("Invalid HTTP request received.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._idle_since_s = None
        self.url, self._named = b"", []
        self.expect_100_continue = False
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Collect the target within its bound."""
        self._head_bytes += len(url)
        if self._head_bytes > self._head_bytes_max:
            raise _HeadTooLarge
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header within the bound of all."""
        self._head_bytes = size = self._head_bytes + len(name) + len(value)
        if size > self._head_bytes_max:
            raise _HeadTooLarge
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self._named.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Choose the way of a request."""
        method = self.parser.get_method()
        if self.transport.is_closing():
            self._way = _NOWHERE  # Nobody hears the answer of what was pipelined behind an end.
        elif self._short_way is not None and method != b"HEAD" and self._is_ordinary():
            path, query = _target(self.url)
            self._asked = method.decode("ascii"), path.decode("ascii"), query.decode("latin-1")
            self._way = _SHORT
            self._body = b""
        else:
            self._way = _ASGI
            self._queue()

    def on_body(self, body: bytes) -> None:
        """Collect a piece of a body."""
        if self._way is _SHORT:
            self._body = _joined(self._body, body) if self._body else body
            if len(self._body) > self._bounds.body_bytes_max and self._short_way is not None:
                self._way, self._body = _NOWHERE, b""  # What is still to come of it is dropped.
                self._begin(self._short_way.refuse_body(self, self.send))
        elif self._way is _ASGI:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Take a whole request on its way."""
        if self._way is _SHORT and self._short_way is not None:
            request = Request(*self._asked, tuple(self._named), bytes(self._body))
            # It may wait for long, and is itself all that it needs.
            self._named, self._body = [], b""
            self._begin(self._short_way.take(request, self, self.send))
        elif self._way is _ASGI:
            self.headers += self._as_sent()  # What came behind a body in pieces.
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin what was pipelined, or wait for what comes next."""
        if self.transport.is_closing():
            return
        self._outgoing.flush()  # To HEAD there is a head only, and the short way would overtake it.
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start(cycle.run_asgi(app))
        else:
            self.rest()

    @property
    def has_room(self) -> bool:
        """Say whether what is written now leaves at once, as far as is known."""
        return not (self.flow.write_paused or self.transport.is_closing())

    def answer(self, piece: bytes) -> None:
        """Send a whole answer to the request on the short way."""
        self._outgoing.write_now(piece)
        self.rest()

    def rest(self) -> None:
        """Have the connection closed where nothing comes for long."""
        self._idle_since_s = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_again_in(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it rested all the time; one timer serves many requests."""
        self.timeout_keep_alive_task = None
        if self._idle_since_s is not None:
            left_s = self._idle_since_s + self.timeout_keep_alive - self.loop.time()
            if left_s > 0:
                self._look_again_in(left_s)
            else:
                self.transport.close()

    async def send(self, message: Mapping[str, Any]) -> None:
        """Answer the request on the short way as uvicorn answers any (ASGI)."""
        await self._uvicorns_part().send(cast("Any", message))

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP request or has too large a head."""
        self._on_bound(
            f"a request was refused with 400: no HTTP, or a head over {self._bounds.head_bytes_max} bytes"
        )
        super().send_400_response(msg)

    def _is_ordinary(self) -> bool:
        """Say whether the request has the connection for itself and asks for nothing special.

        One of all that came in together: the others take their turns, or they would keep the loop.
        """
        parser, cycle = self.parser, self.cycle
        return (
            self._is_first
            and (cycle is None or cycle.response_complete)
            and not self.expect_100_continue
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
        )

    def _queue(self) -> None:
        """Leave the request to uvicorn, and go on reading: a departure shows only to who reads."""
        extensions: dict[str, Any] = {EXTENSION: self}
        self.headers = self._as_sent()
        # Of what ASGI tells an application, the part that ours ask for.
        self.scope = cast(
            "Any",
            {"type": "http", "http_version": "1.1", "headers": self.headers, "extensions": extensions},
        )
        if not self.pipeline:
            self.pipeline = deque()
        super().on_headers_complete()
        if 0 < len(self.pipeline) <= self._bounds.pipelined_max:
            self.flow.resume_reading()

    def _as_sent(self) -> list[tuple[bytes, bytes]]:
        """Give the headers that came up to now as uvicorn has them, once."""
        named, self._named = self._named, []
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named]

    def _begin(self, steps: Coroutine[Any, Any, None]) -> None:
        """Go as far as possible without waiting, which is nearly always to the end."""
        self.is_at_once, self._is_first, self._late = True, False, None
        try:
            awaited = steps.send(None)
        except StopIteration:
            return
        finally:
            self.is_at_once = False
        self._uvicorns_part()
        self._start(self._go_on(steps, awaited))

    def _start(self, steps: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(steps)
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _go_on(self, steps: Coroutine[Any, Any, None], awaited: object) -> None:
        await self.departure.or_result(steps, awaited)

    def _uvicorns_part(self) -> RequestResponseCycle:
        """Give uvicorn's account of the request on the short way; those behind it wait for its end."""
        if self._late is None:
            self.is_at_once = False
            self.cycle = self._late = RequestResponseCycle(
                scope=_SHORT_SCOPE,
                transport=self.transport,
                flow=self.flow,
                logger=self.logger,
                access_logger=self.access_logger,
                access_log=False,
                default_headers=self.server_state.default_headers,
                message_event=cast("asyncio.Event", Latch()),  # set at the end, and nobody waits for it
                expect_100_continue=False,
                keep_alive=True,
                on_response=self.on_response_complete,
            )
        return self._late

    def _look_again_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)


def _target(url: bytes) -> tuple[bytes, bytes]:
    """Split the target of a request into path and query; raises HttpParserInvalidURLError."""
    if url.startswith(b"/") and b"#" not in url:
        path, _, query = url.partition(b"?")  # as nearly all are, and what the parser would find as well
        return path, query
    parsed = httptools.parse_url(url)
    return parsed.path, parsed.query or b""


def _joined(known: bytes | bytearray, piece: bytes) -> bytearray:
    """Give what is known of a body with its next piece, in place after the first: there may be a million."""
    joined = known if isinstance(known, bytearray) else bytearray(known)
    joined += piece
    return joined


def _nothing() -> None:
    """Stand for what is called at an end that nobody waits for."""
