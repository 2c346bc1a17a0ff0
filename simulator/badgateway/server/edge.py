"""The edge: a listening socket in the caller's loop, behind which all worlds live."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self

from uvicorn.config import Config
from uvicorn.server import ServerState

from badgateway.errors import BadGatewayError, EnvironmentProblem
from badgateway.play.seam import Switchboard
from badgateway.server.bounds import Bounds, OnBound
from badgateway.server.connection import Connection, Send, ShortWay
from badgateway.server.doorway import Doorway, OnBug, Receive

BACKLOG = 2048  # connections that the kernel keeps until they are taken in
ACCEPTED_MAX = 50  # connections that one callback takes in
STOP_S_MAX = 2.0

_log = logging.getLogger("badgateway.server")
Door = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]  # ASGI


class Listener:
    """Speaks HTTP for one ASGI application; starts, serves and stops within the running loop."""

    def __init__(
        self,
        door: Door,
        host: str,
        port: int,
        bounds: Bounds,
        on_bound: OnBound,
        short_way: ShortWay | None = None,
    ) -> None:
        """`short_way`: what takes ordinary requests past ASGI; None: there is no such thing."""
        self.host, self.port = host, port
        self._door, self._bounds, self._on_bound, self._short_way = door, bounds, on_bound, short_way
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self._config: Config | None = None

    @property
    def url(self) -> str:
        """Give the base URL, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; port 0 becomes the free port that was found. Raises EnvironmentProblem."""
        assert self._server is None, "this edge was started before"
        loop = asyncio.get_running_loop()
        self._config = Config(
            self._door,
            interface="asgi3",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=self._bounds.idle_s_max,
        )
        self._config.load()
        listener = listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        # Uvicorn's own Server would install signal handlers and end the process where a port is busy.
        self._server = await loop.create_server(self.connection, sock=listener, backlog=ACCEPTED_MAX)
        # The loop takes its backlog for both numbers, and 2,048 connections in one go would stop all else.
        listener.listen(BACKLOG)

    def connection(self) -> Connection:
        """Give the protocol of one more connection, also for one that came in by another door."""
        assert self._config is not None, "the edge was started before anybody came"
        loop = asyncio.get_running_loop()
        return Connection(self._config, self._state, loop, self._bounds, self._on_bound, self._short_way)

    async def stop(self) -> None:
        """Close the door and drop every connection; each open exchange is told that it is over."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        tasks = set(self._state.tasks)
        if tasks:
            _, tasks = await asyncio.wait(tasks, timeout=STOP_S_MAX)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_S_MAX)
        await self._server.wait_closed()
        self._server = None


class Edge(Listener):
    """The listener in front of all worlds of one switchboard."""

    def __init__(
        self,
        switchboard: Switchboard,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        bounds: Bounds | None = None,
        on_bug: OnBug | None = None,
        on_bound: OnBound | None = None,
    ) -> None:
        bounds, on_bound = bounds or Bounds(), on_bound or _log.warning
        doorway = Doorway(switchboard, bounds, on_bound, on_bug or _shout)
        super().__init__(doorway, host, port, bounds, on_bound, short_way=doorway)


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address; raises EnvironmentProblem with what to do where that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise EnvironmentProblem(f"cannot listen on {host!r}: {error.strerror or error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # a port that another program listens on fails here, not at the bind
    except OSError as error:
        listener.close()
        raise EnvironmentProblem(
            f"cannot listen on port {port} of {host}: {error.strerror}; "
            "end the program that has it, or choose another port (0 finds a free one)"
        ) from error
    listener.setblocking(False)
    return listener


def _shout(bug: BadGatewayError) -> None:
    """Hand a bug to the loop's own handler, which prints it with its traceback."""
    asyncio.get_running_loop().call_exception_handler({"message": str(bug), "exception": bug})
