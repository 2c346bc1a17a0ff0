"""The only outbound HTTP to the integration's webhooks: one by one, or all last bytes together."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError
from msgspec import Struct

from badgateway.ground.barrier import Barrier, held_back
from badgateway.ground.clock import monotonic_ms
from badgateway.ground.message import Headers
from badgateway.webhooks.plain import plain_status

ANSWER_BYTES_MAX = 64 * 1024
IDLE_S = 15.0  # real; so long a connection is kept for the next delivery, as aiohttp's session keeps its own
# An address in which nothing has to be quoted, left out or made whole.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_PLAIN_URL = re.compile(
    rf"http://(localhost|{_OCTET}(?:\.{_OCTET}){{3}}):([1-9][0-9]{{2,4}})((?:/[A-Za-z0-9_-]+)*/?)"
)
# Headers by which a client goes, or that it writes itself where nobody else does.
_CLIENTS_OWN = (
    "accept accept-encoding authorization connection content-encoding content-length content-type cookie "
    "expect host keep-alive proxy-authorization te trailer transfer-encoding upgrade user-agent"
)
_TOKEN = re.compile(r"[A-Za-z0-9-]+")
_STANDING = "".join(f"{name}: {value}\r\n" for name, value in aiohttp.ClientRequest.DEFAULT_HEADERS.items())


class Parcel(Struct, frozen=True):
    """One delivery, ready to be sent: the exact bytes and their headers."""

    delivery: str
    url: str
    body: bytes
    headers: Headers


class Receipt(Struct, frozen=True):
    """What the integration answered; status None: it did not."""

    delivery: str
    status: int | None
    elapsed_ms: float
    problem: str | None = None
    is_aligned: bool = False  # its last byte was held back until all others of its burst were ready


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plain address lies."""

    host: str
    port: int
    path: str


class Courier:
    """Sends webhooks over kept-alive connections; redirects are answers, never followed."""

    def __init__(self, timeout_ms: int) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout_ms / 1000)
        self._lines = Lines(timeout_ms / 1000)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=self._timeout,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
        if self._session is not None:
            await self._session.close()

    def send(self, parcel: Parcel) -> Coroutine[Any, Any, Receipt]:
        """Send one parcel and wait for its answer; what goes wrong is in the receipt, never raised."""
        return self._post(parcel, parcel.body)

    def send_at_once(self, parcels: Sequence[Parcel], cutoff_ms: float) -> list[Coroutine[Any, Any, Receipt]]:
        """Give a sender for each parcel; on their own connections they let their last bytes go together."""
        barrier = Barrier(len(parcels), cutoff_ms)
        return [self.send_behind(parcel, barrier) for parcel in parcels]

    def send_behind(self, parcel: Parcel, barrier: Barrier) -> Coroutine[Any, Any, Receipt]:
        """Give a sender that keeps its last byte until the barrier opens."""
        return self._post(parcel, held_back(parcel.body, barrier), barrier)

    async def _post(
        self, parcel: Parcel, body: bytes | AsyncIterator[bytes], barrier: Barrier | None = None
    ) -> Receipt:
        started = monotonic_ms()
        place = place_of(parcel) if barrier is None else None
        status: int | None = None
        problem: str | None = None
        try:
            if place is None:
                status = await self._ask_client(parcel, body)
            else:
                status = await self._lines.ask(place, request_of(parcel, place))
        except TimeoutError:
            problem = "no answer in time"
        except (aiohttp.ClientConnectorError, ConnectionRefusedError):
            problem = "connection refused"
        except HttpProcessingError:
            problem = aiohttp.ClientResponseError.__name__
        except aiohttp.ServerDisconnectedError:
            problem = "connection closed without an answer"
        except (aiohttp.ClientError, ConnectionError) as error:
            problem = type(error).__name__
        if barrier is None:
            return Receipt(parcel.delivery, status, monotonic_ms() - started, problem)
        barrier.leave()
        elapsed_ms = monotonic_ms() - (barrier.opened_ms or started)
        return Receipt(parcel.delivery, status, elapsed_ms, problem, barrier.was_complete)

    async def _ask_client(self, parcel: Parcel, body: bytes | AsyncIterator[bytes]) -> int:
        assert self._session is not None, "the courier is used as a context manager"
        headers = {**dict(parcel.headers), "Content-Length": str(len(parcel.body))}
        async with self._session.post(
            parcel.url, data=body, headers=headers, allow_redirects=False
        ) as answer:
            await answer.content.read(ANSWER_BYTES_MAX)
            return answer.status


class Lines:
    """Kept-alive connections for plain parcels: aiohttp's own protocol, without what is done around it.

    Most deliveries are plain, and a general client's care for cookies, redirects, proxies and addresses is
    most of what they cost.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._idle: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
        self._is_over = False

    async def ask(self, place: Place, request: bytes) -> int:
        """Send a whole request, and give the status of its answer; raises as aiohttp's session does.

        Nobody listening is a ConnectionRefusedError, bytes that are no answer an HttpProcessingError.
        """
        door = place.host, place.port
        until_s = asyncio.get_running_loop().time() + self._timeout_s
        line = self._kept(door)
        if line is None:
            async with asyncio.timeout_at(until_s):
                line = await _opened(door)
        try:
            status = await line.ask(request, until_s)
            if status is None:
                async with asyncio.timeout_at(until_s):
                    status = await line.read_on()
        except BaseException:
            line.close()
            raise
        if line.should_close or self._is_over:
            line.close()
        else:
            line.rest()
            self._idle[door].append(line)
        return status

    def close(self) -> None:
        """Close what is idle; what is in use closes when it is answered."""
        self._is_over = True
        for lines in self._idle.values():
            while lines:
                lines.pop().close()

    def _kept(self, door: tuple[str, int]) -> Line | None:
        idle = self._idle[door]
        while idle:
            line = idle.pop()
            if line.is_connected() and not line.should_close:
                return line
            line.close()
        return None


class Line(ResponseHandler):
    """One connection. A plain answer that comes in one piece is told here, any other by aiohttp's parser."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._answer: asyncio.Future[int | None] | None = None  # while nothing came in since the request
        self._until_s: float | None = None  # of the loop's clock; None: somebody else sees to the time
        self._next_look: asyncio.TimerHandle | None = None  # one timer serves many requests

    def ask(self, request: bytes, until_s: float) -> asyncio.Future[int | None]:
        """Send a request; the status of a plain answer comes of it, or None: `read_on` tells.

        Raises TimeoutError where nothing came in by then.
        """
        assert self.transport is not None, "a line is open until it is closed"
        self._answer = self._loop.create_future()
        self._watch(until_s)
        self.transport.write(request)
        return self._answer

    async def read_on(self) -> int:
        """Read what is no plain answer to its end, and give its status; raises as aiohttp's session does."""
        message, content = await self.read()
        while 100 <= message.code < 200 and message.code != 101:
            message, content = await self.read()
        await content.read(ANSWER_BYTES_MAX)
        return int(message.code)

    def rest(self) -> None:
        """Close the line where it is not used for long."""
        self._watch(self._loop.time() + IDLE_S)

    def data_received(self, data: bytes) -> None:
        """Take in what the receiver sends."""
        answer, self._answer = self._answer, None
        if answer is None:
            super().data_received(data)
            return
        status = plain_status(data)
        if status is None:
            self._until_s = None
            self.set_response_params(read_until_eof=True)
            super().data_received(data)
        if not answer.done():
            answer.set_result(status)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let whoever waits read on, which raises what has happened."""
        self._forget_time()
        super().connection_lost(exc)
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_result(None)

    def close(self) -> None:
        """Close the connection."""
        self._forget_time()
        super().close()

    def _watch(self, until_s: float) -> None:
        self._until_s = until_s
        if self._next_look is not None and self._next_look.when() > until_s:
            self._next_look.cancel()
            self._next_look = None
        if self._next_look is None:
            self._next_look = self._loop.call_at(until_s, self._see_to_time)

    def _see_to_time(self) -> None:
        """End what has taken its time, if it was not put off meanwhile."""
        self._next_look, until_s = None, self._until_s
        if until_s is None:
            return
        if until_s > self._loop.time():
            self._watch(until_s)
        elif self._answer is None:
            self.close()
        elif not self._answer.done():
            self._answer.set_exception(TimeoutError())

    def _forget_time(self) -> None:
        self._until_s = None
        if self._next_look is not None:
            self._next_look.cancel()
            self._next_look = None


async def _opened(door: tuple[str, int]) -> Line:
    loop = asyncio.get_running_loop()
    try:
        _, line = await loop.create_connection(lambda: Line(loop), *door)
    except OSError as error:
        raise ConnectionRefusedError(str(error)) from error
    return line


def place_of(parcel: Parcel) -> Place | None:
    """Say where a plain parcel goes; None: its address or its headers want a general client."""
    place = _place(parcel.url)
    return place if place is not None and _are_plain(parcel.headers) else None


def request_of(parcel: Parcel, place: Place) -> bytes:
    """Give the bytes of a plain parcel's request, the same as aiohttp's session sends."""
    named = "".join([f"{name}: {value}\r\n" for name, value in parcel.headers])
    head = (
        f"POST {place.path} HTTP/1.1\r\nHost: {place.host}:{place.port}\r\n{named}"
        f"Content-Length: {len(parcel.body)}\r\n{_STANDING}\r\n"
    )
    return head.encode() + parcel.body


@lru_cache(maxsize=256)
def _place(url: str) -> Place | None:
    found = _PLAIN_URL.fullmatch(url)
    if found is None or int(found[2]) > 65_535:
        return None
    return Place(found[1], int(found[2]), found[3] or "/")


def _are_plain(headers: Headers) -> bool:
    """Say whether headers are written down as they are, between those that every client writes."""
    names = tuple([name for name, _ in headers])
    values = "".join([value for _, value in headers])
    return _are_plain_names(names) and not ("\r" in values or "\n" in values or "\0" in values)


@lru_cache(maxsize=64)
def _are_plain_names(names: tuple[str, ...]) -> bool:
    lower = [name.lower() for name in names]
    is_known = lower[:2] == ["content-type", "user-agent"] and set(_CLIENTS_OWN.split()).isdisjoint(lower[2:])
    return is_known and len(set(lower)) == len(lower) and all(map(_TOKEN.fullmatch, names))
