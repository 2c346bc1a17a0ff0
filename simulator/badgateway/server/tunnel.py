"""A forward proxy: calls for a provider's real host are answered by the edge over TLS, others refused."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import httptools

from badgateway.server.authority import Authority
from badgateway.server.edge import Edge, listen

HEAD_BYTES_MAX = 16 * 1024
OnRefused = Callable[[str], None]  # told the host, with its port


@asynccontextmanager
async def proxied(
    edge: Edge, hosts: Sequence[str], folder: Path, on_refused: OnRefused
) -> AsyncIterator[dict[str, str]]:
    """Open a tunnel for these hosts, with an authority of its own; give the settings that lead there.

    Without hosts there is no tunnel and no setting. Raises EnvironmentProblem.
    """
    if not hosts:
        yield {}
        return
    authority = Authority()
    contexts = {host: authority.context(host) for host in hosts}
    async with Tunnel(edge, contexts, on_refused) as tunnel:
        yield {"proxy.url": tunnel.url, "proxy.authority": authority.write(folder)}


class Tunnel:
    """Listens beside an edge and leads into it; `contexts` maps each host to what it is answered with."""

    def __init__(self, edge: Edge, contexts: Mapping[str, ssl.SSLContext], on_refused: OnRefused) -> None:
        self.edge, self.contexts, self.on_refused = edge, contexts, on_refused
        self.open: set[Passage] = set()
        self.port = 0
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Give what goes into HTTPS_PROXY."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        listener = listen("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Passage(self, loop), sock=listener)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None, "only what was opened is closed"
        self._server.close()
        for passage in list(self.open):
            await passage.end()
        await self._server.wait_closed()


class Passage(asyncio.Protocol):
    """One client of the proxy, until its connection belongs to the edge."""

    _transport: asyncio.Transport

    def __init__(self, tunnel: Tunnel, loop: asyncio.AbstractEventLoop) -> None:
        self._tunnel, self._loop = tunnel, loop
        self._parser = httptools.HttpRequestParser(self)
        self._task: asyncio.Task[None] | None = None
        self._target, self._size = b"", 0
        self._is_read = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # asyncio promises less than TCP gives
        """Take a client in."""
        self._transport = transport
        self._tunnel.open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget a client that left before it came through."""
        self._tunnel.open.discard(self)

    def on_url(self, url: bytes) -> None:
        """Collect the target; the parser calls this."""
        self._target += url

    def on_headers_complete(self) -> None:
        """Note that the head is whole; the parser calls this."""
        self._is_read = True

    def data_received(self, data: bytes) -> None:
        """Read the head of a request and decide."""
        if not self._is_read:
            self._read(data)

    def _read(self, data: bytes) -> None:
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # how the parser says that what follows a CONNECT is no HTTP of this connection
        except httptools.HttpParserError:
            self._refuse(400, "this is no HTTP request")
            return
        if self._is_read:
            self._decide()
        elif self._size > HEAD_BYTES_MAX:
            self._refuse(431, f"a head over {HEAD_BYTES_MAX} bytes")

    async def end(self) -> None:
        """Drop the client, or what was made of it; never raises."""
        self._tunnel.open.discard(self)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._transport.abort()

    def _decide(self) -> None:
        target = self._target.decode("latin-1")
        if self._parser.get_method() != b"CONNECT":
            host = target.split("//", 1)[-1].split("/", 1)[0]
            self._turn_away(host)
        elif (context := self._tunnel.contexts.get(target.rpartition(":")[0].lower())) is None:
            self._turn_away(target)
        else:
            self._transport.pause_reading()
            self._transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._task = self._loop.create_task(self._hand_over(context))

    def _turn_away(self, host: str) -> None:
        self._tunnel.on_refused(host)
        self._refuse(403, f"{host} is not simulated, and nothing of this run goes anywhere else")

    def _refuse(self, status: int, why: str) -> None:
        body = f"badgateway: {why}\n".encode()
        head = f"HTTP/1.1 {status} Refused\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}"
        self._is_read = True
        self._transport.write(f"{head}\r\nconnection: close\r\n\r\n".encode() + body)
        self._transport.close()

    async def _hand_over(self, context: ssl.SSLContext) -> None:
        landing = _Landing()
        try:
            secured = await self._loop.start_tls(self._transport, landing, context, server_side=True)
        except (OSError, ssl.SSLError):
            return  # the client left, or does not trust us; its own error says so
        finally:
            self._tunnel.open.discard(self)
        if secured is None or landing.is_lost:
            return
        connection = self._tunnel.edge.connection()
        secured.set_protocol(connection)
        connection.connection_made(secured)
        if landing.data:
            connection.data_received(bytes(landing.data))


class _Landing(asyncio.Protocol):
    """Keeps what a client says right after its handshake, before anybody was told of the connection."""

    def __init__(self) -> None:
        self.data, self.is_lost = bytearray(), False

    def data_received(self, data: bytes) -> None:
        self.data += data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.is_lost = True
