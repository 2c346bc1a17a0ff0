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

from badgateway.ground.barrier import Barrier, held_back
from badgateway.ground.clock import monotonic_ms
from badgateway.ground.message import Headers

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


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to be sent: the exact bytes and their headers."""

    delivery: str
    url: str
    body: bytes
    headers: Headers


@dataclass(frozen=True, slots=True)
class Receipt:
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
        self._lines = Lines()
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

    async def send(self, parcel: Parcel) -> Receipt:
        """Send one parcel and wait for its answer; what goes wrong is in the receipt, never raised."""
        return await self._post(parcel, parcel.body)

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
                async with asyncio.timeout(self._timeout.total):
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

    def __init__(self) -> None:
        self._idle: defaultdict[tuple[str, int], list[ResponseHandler]] = defaultdict(list)
        self._until: dict[ResponseHandler, asyncio.TimerHandle] = {}  # an idle one -> when it is closed
        self._is_over = False

    async def ask(self, place: Place, request: bytes) -> int:
        """Send a whole request, and give the status of its answer; raises as aiohttp's session does.

        Nobody listening is a ConnectionRefusedError, bytes that are no answer an HttpProcessingError.
        """
        door = place.host, place.port
        kept = self._kept(door)
        # A line is a queue as well, and false while nothing has come in.
        line = await _opened(door) if kept is None else kept
        try:
            assert line.transport is not None, "a line is open until it is closed here"
            line.set_response_params(read_until_eof=True)
            line.transport.write(request)
            message, content = await line.read()
            while 100 <= message.code < 200 and message.code != 101:
                message, content = await line.read()
            await content.read(ANSWER_BYTES_MAX)
        except BaseException:
            line.close()
            raise
        if line.should_close or self._is_over:
            line.close()
        else:
            self._idle[door].append(line)
            self._until[line] = asyncio.get_running_loop().call_later(IDLE_S, self._drop, door, line)
        return int(message.code)

    def close(self) -> None:
        """Close what is idle; what is in use closes when it is answered."""
        self._is_over = True
        for door, lines in self._idle.items():
            for line in tuple(lines):
                self._until[line].cancel()
                self._drop(door, line)

    def _kept(self, door: tuple[str, int]) -> ResponseHandler | None:
        idle = self._idle[door]
        while idle:
            line = idle.pop()
            self._until.pop(line).cancel()
            if line.is_connected() and not line.should_close:
                return line
            line.close()
        return None

    def _drop(self, door: tuple[str, int], line: ResponseHandler) -> None:
        self._idle[door].remove(line)
        del self._until[line]
        line.close()


async def _opened(door: tuple[str, int]) -> ResponseHandler:
    loop = asyncio.get_running_loop()
    try:
        _, line = await loop.create_connection(lambda: ResponseHandler(loop), *door)
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
