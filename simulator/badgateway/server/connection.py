"""One connection of a client: uvicorn's protocol, which hands out its transport and tells of departures."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from badgateway.server.bounds import Bounds, OnBound
from badgateway.server.departure import Departure
from badgateway.server.outgoing import Outgoing

EXTENSION = "badgateway.connection"  # in an ASGI scope's extensions

# Uvicorn asks its logger's level on each event; this one has nothing to say, whatever the user has set up.
_silent = logging.getLogger("badgateway.server.uvicorn")
_silent.setLevel(logging.CRITICAL + 1)


class Connection(HttpToolsProtocol):
    """A client's connection, with its transport, its departure and its bounds."""

    # Beyond thirty attributes the interpreter gives each instance a whole table of its own, a kilobyte more.
    __slots__ = ("_bounds", "_head_bytes", "_on_bound", "departure")

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        bounds: Bounds,
        on_bound: OnBound,
    ) -> None:
        super().__init__(config, state, {}, loop)
        self.logger, self.access_log = _silent, False
        self.departure = Departure(loop)
        self._bounds, self._on_bound = bounds, on_bound
        self._head_bytes = 0

    @property
    def is_gone(self) -> bool:
        """Say whether nothing can be sent any more."""
        return self.departure.happened.is_set() or self.transport.is_closing()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # asyncio promises less than TCP gives
        """Take a connection in, or drop it where there are too many."""
        super().connection_made(cast("asyncio.Transport", Outgoing(transport, self.loop)))
        if len(self.connections) > self._bounds.connections_max:
            self._on_bound(f"more than {self._bounds.connections_max} connections are open; one was dropped")
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that the client is gone."""
        super().connection_lost(exc)
        self.departure.happen()

    def on_message_begin(self) -> None:
        """Begin a request, which can find its connection in its scope."""
        super().on_message_begin()
        self._head_bytes = 0
        extensions: dict[str, Any] = {EXTENSION: self}
        self.scope["extensions"] = extensions

    def on_url(self, url: bytes) -> None:
        """Collect the target within its bound."""
        self._weigh(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header within the bound of all."""
        self._weigh(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Queue a pipelined request, and go on reading: a departure shows only to who reads."""
        super().on_headers_complete()
        if 0 < len(self.pipeline) <= self._bounds.pipelined_max:
            self.flow.resume_reading()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP request or has too large a head."""
        self._on_bound(
            f"a request was refused with 400: no HTTP, or a head over {self._bounds.head_bytes_max} bytes"
        )
        super().send_400_response(msg)

    def _weigh(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._bounds.head_bytes_max:
            # The parser turns whatever its callbacks raise into a malformed request.
            raise ValueError("the head of a request is too large")
