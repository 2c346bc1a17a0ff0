"""An edge in a thread of its own over a small scripted switchboard, and a client made of a bare socket."""

from __future__ import annotations

import asyncio
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest

from badgateway.errors import BadGatewayError
from badgateway.faults.base import AFTER_COMMIT, Effect, Fault
from badgateway.ground.message import Reply, Request
from badgateway.server.authority import Authority
from badgateway.server.bounds import Bounds
from badgateway.server.edge import Edge
from badgateway.server.loops import run
from badgateway.server.tunnel import Tunnel

BODY = b'{"id": "pi_1", "object": "payment_intent", "status": "succeeded"}'
PATIENCE_S = 10
HOST = "api.provider.test"


def own_page(status: int) -> Reply:
    """Word an error as the provider of these tests does."""
    return Reply(status, b'{"error": {"type": "api_error", "status": %d}}' % status)


@dataclass
class Ask:
    """One exchange of the scripted switchboard; it notes what the edge did with it."""

    board: Board
    request: Request
    is_committed: bool = False
    ends: list[tuple[bool, int]] = field(default_factory=list)

    async def admit(self) -> Effect | None:
        await self.board.wait(self, "in")
        self._break_at("admit")
        phase, fault = self.board.faults.get(self.request.path, (None, None))
        return None if fault is None or phase == AFTER_COMMIT else fault.strike(own_page(500), own_page)

    def commit(self) -> Reply:
        self._break_at("commit")
        self.is_committed = True
        self.board.committed.put(self)
        return self.board.reply

    async def release(self, reply: Reply) -> Effect:
        await self.board.wait(self, "out")
        self._break_at("release")
        phase, fault = self.board.faults.get(self.request.path, (None, None))
        return fault.strike(reply, own_page) if fault and phase == AFTER_COMMIT else Effect(reply)

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:
        self.ends.append((is_complete, bytes_sent))
        self.board.over.put(self)
        self._break_at("finished")

    def _break_at(self, place: str) -> None:
        if self.request.path == f"/break/{place}":
            raise KeyError(place)
        if self.request.path == f"/cancel/{place}":
            raise asyncio.CancelledError


@dataclass
class Board:
    """All calls go to one provider, whose answer is always the same."""

    reply: Reply = field(default_factory=lambda: Reply(200, BODY))
    faults: dict[str, tuple[str, Fault]] = field(default_factory=dict)  # path -> (phase, fault)
    gates: dict[tuple[str, str], asyncio.Event] = field(default_factory=dict)  # (path, in | out) -> gate
    asked: list[Ask] = field(default_factory=list)
    parked: queue.Queue[Ask] = field(default_factory=queue.Queue)
    committed: queue.Queue[Ask] = field(default_factory=queue.Queue)
    over: queue.Queue[Ask] = field(default_factory=queue.Queue)

    def arrive(self, request: Request) -> Ask:
        if request.path == "/break/arrive":
            raise KeyError("arrive")
        self.asked.append(Ask(self, request))
        return self.asked[-1]

    def gate(self, path: str, side: str) -> asyncio.Event:
        return self.gates.setdefault((path, side), asyncio.Event())

    async def wait(self, ask: Ask, side: str) -> None:
        gate = self.gates.get((ask.request.path, side))
        if gate is not None:
            self.parked.put(ask)
            with suppress(*([asyncio.CancelledError] if ask.request.path == "/clinging" else [])):
                await gate.wait()
                return
            await gate.wait()


class Secured:
    """TLS over a bare socket, whose own ending still shows: Python's SSL sockets tell an RST as an end."""

    def __init__(self, bare: socket.socket, trusted: ssl.SSLContext) -> None:
        self.bare, self.heard, self.said = bare, ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = trusted.wrap_bio(self.heard, self.said, server_hostname=HOST)
        self.settimeout, self.close = bare.settimeout, bare.close
        self._until_done(self.tls.do_handshake)

    def sendall(self, data: bytes) -> None:
        self._until_done(lambda: self.tls.write(data))

    def recv(self, size: int) -> bytes:
        return self._until_done(lambda: self.tls.read(size))

    def _until_done(self, step: Callable[[], Any]) -> Any:
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                self.bare.sendall(self.said.read())
                if piece := self.bare.recv(65536):
                    self.heard.write(piece)
                else:
                    self.heard.write_eof()
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                return b""
            else:
                self.bare.sendall(self.said.read())
                return done


class Client:
    """A bare socket that speaks HTTP by hand."""

    def __init__(self, port: int, trusted: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.buffer = b""
        if trusted is not None:
            self.send(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
            assert self.socket.recv(65536) == b"HTTP/1.1 200 Connection established\r\n\r\n"
            try:
                self.socket = Secured(self.socket, trusted)
            except ssl.SSLError:
                self.socket.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, path: str, body: bytes = b"", method: str = "POST", *extra: str) -> None:
        lines = (
            f"{method} {path} HTTP/1.1",
            "Host: provider",
            f"Content-Length: {len(body)}",
            *extra,
            "",
            "",
        )
        self.send("\r\n".join(lines).encode() + body)

    def hear(self) -> tuple[int, dict[str, str], bytes]:
        """Read one whole answer: status, headers, body."""
        status, headers = self.hear_head()
        while len(self.buffer) < int(headers["content-length"]):
            self._read()
        body, self.buffer = (
            self.buffer[: int(headers["content-length"])],
            self.buffer[int(headers["content-length"]) :],
        )
        return status, headers, body

    def hear_head(self) -> tuple[int, dict[str, str]]:
        while b"\r\n\r\n" not in self.buffer:
            self._read()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        return int(first.split()[1]), dict(line.split(": ", 1) for line in lines)

    def hear_end(self) -> bytes:
        """Read up to FIN and give what came before it; raises ConnectionResetError on RST."""
        while piece := self.socket.recv(65536):
            self.buffer += piece
        return self.buffer

    def hear_nothing(self, for_s: float = 0.15) -> bool:
        """Say whether the other side is silent for some real time."""
        self.socket.settimeout(for_s)
        try:
            self.buffer += self.socket.recv(65536)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE_S)
        return False

    def _read(self) -> None:
        piece = self.socket.recv(65536)
        assert piece, f"the connection ended after {self.buffer!r}"
        self.buffer += piece


@dataclass
class Running:
    """An edge that runs in another thread."""

    edge: Edge
    board: Board
    loop: asyncio.AbstractEventLoop
    bugs: list[BadGatewayError]
    bounds_reached: list[str]
    tunnel: Tunnel
    trusted: ssl.SSLContext
    is_secured: bool = False
    refused: list[str] = field(default_factory=list)

    def client(self) -> Client:
        return Client(self.tunnel.port, self.trusted) if self.is_secured else Client(self.edge.port)

    def inside(self, what: Callable[[], object]) -> None:
        self.loop.call_soon_threadsafe(what)

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(PATIENCE_S)

    def strike(self, path: str, phase: str, fault: Fault) -> None:
        self.board.faults[path] = (phase, fault)

    def finished(self) -> Ask:
        """Give the next exchange that is told its end."""
        return self.board.over.get(timeout=PATIENCE_S)


@pytest.fixture(params=["asyncio", "uvloop"])
def loop_name(request: pytest.FixtureRequest) -> str:
    """Run the test once with each event loop."""
    return str(request.param)


@pytest.fixture
def is_secured() -> bool:
    """Say whether clients come through the proxy, over TLS."""
    return False


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Make one authority for all tests: keys take their time."""
    return Authority()


@pytest.fixture
def serving(
    loop_name: str, authority: Authority, tmp_path: Path, *, is_secured: bool
) -> Iterator[Callable[..., Running]]:
    """Start edges on free ports; each is stopped after the test, and nothing of it may be left."""
    started: list[tuple[Running, asyncio.Event, threading.Thread, Future[set[str]]]] = []

    def serve(bounds: Bounds | None = None) -> Running:
        ready: Future[tuple[Running, asyncio.Event]] = Future()
        left: Future[set[str]] = Future()

        async def live() -> None:
            board, bugs, reached, over = Board(), [], [], asyncio.Event()
            edge = Edge(board, bounds=bounds, on_bug=bugs.append, on_bound=reached.append)
            await edge.start()
            refused: list[str] = []
            async with Tunnel(edge, {HOST: authority.context(HOST)}, refused.append) as tunnel:
                doors = (
                    tunnel,
                    ssl.create_default_context(cafile=authority.write(tmp_path)),
                    is_secured,
                    refused,
                )
                loop = asyncio.get_running_loop()
                ready.set_result((Running(edge, board, loop, bugs, reached, *doors), over))
                await over.wait()
            await edge.stop()
            left.set_result({repr(task) for task in asyncio.all_tasks() - {asyncio.current_task()}})

        thread = threading.Thread(target=lambda: run(live(), loop=loop_name))
        thread.start()
        running, over = ready.result(PATIENCE_S)
        started.append((running, over, thread, left))
        return running

    yield serve
    for running, over, thread, left in started:
        running.inside(over.set)
        thread.join(PATIENCE_S)
        assert left.result(PATIENCE_S) == set()
        assert all(len(ask.ends) == 1 for ask in running.board.asked), "each exchange is told its end once"


@pytest.fixture
def running(serving: Callable[..., Running]) -> Running:
    """Serve within the usual bounds."""
    return serving()
