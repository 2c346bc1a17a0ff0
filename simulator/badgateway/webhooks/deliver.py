"""The only outbound HTTP to the integration's webhooks: one by one, or all last bytes together."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiohttp
from aiohttp.http import HttpProcessingError
from msgspec import Struct

from badgateway.ground.barrier import Barrier, held_back
from badgateway.ground.clock import monotonic_ms
from badgateway.ground.message import Headers
from badgateway.webhooks.lines import ANSWER_BYTES_MAX, Door, Line, Lines

PORT_MAX = 65_535
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


class Parcel(Struct, frozen=True, gc=False):
    """One delivery, ready to be sent: the exact bytes and their headers."""

    delivery: str
    url: str
    body: bytes
    headers: Headers


class Receipt(Struct, frozen=True, gc=False):
    """What the integration answered; status None: it did not."""

    delivery: str
    status: int | None
    elapsed_ms: float
    problem: str | None = None
    is_aligned: bool = False  # its last byte was held back until all others of its burst were ready


class Place(NamedTuple):
    """Where plain parcels of one address and with the same headers go, and how their requests begin."""

    door: Door
    head: str  # the values of those headers and the length of the body are to be filled in

    def request(self, parcel: Parcel) -> bytes:
        """Give the bytes of a plain parcel's request, the same as aiohttp's session sends."""
        values = [value for _, value in parcel.headers]
        return (self.head % (*values, len(parcel.body))).encode() + parcel.body


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

    def send_now(self, parcel: Parcel, heard: Callable[[Sending], None]) -> Sending | None:
        """Send a plain parcel over a line that is free, without a task, and let `heard` look at what came.

        None: there is no such line, or the parcel is not plain; nothing was sent.
        """
        place = place_of(parcel)
        line = self._lines.free(place.door) if place is not None else None
        if place is None or line is None:
            return None
        sending = Sending(self._lines, line, parcel.delivery, heard)
        self._lines.begin(line, place.request(parcel), sending.take)
        return sending

    async def _post(
        self, parcel: Parcel, body: bytes | AsyncIterator[bytes], barrier: Barrier | None = None
    ) -> Receipt:
        started = monotonic_ms()
        place = place_of(parcel) if barrier is None else None
        if place is None:
            asking = self._ask_client(parcel, body)
        else:
            asking = self._lines.ask(place.door, place.request(parcel))
        status, problem = await _outcome(asking)
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


class Sending:
    """A plain parcel on its way over a line of its own; `receipt` is None as long as it is not answered."""

    __slots__ = ("_delivery", "_heard", "_line", "_lines", "_started_ms", "receipt")

    def __init__(self, lines: Lines, line: Line, delivery: str, heard: Callable[[Sending], None]) -> None:
        self.receipt: Receipt | None = None
        self._lines, self._line, self._delivery, self._heard = lines, line, delivery, heard
        self._started_ms = monotonic_ms()

    def take(self, status: int | None) -> None:
        """Take in the status of a plain answer; None: `finish` finds out what else has happened."""
        if status is not None:
            self._lines.rest(self._line)
            self.receipt = Receipt(self._delivery, status, monotonic_ms() - self._started_ms)
        self._heard(self)

    async def finish(self) -> Receipt:
        """Wait for the end of what is no plain answer; what goes wrong is in the receipt, never raised."""
        status, problem = await _outcome(self._lines.read_on(self._line))
        return Receipt(self._delivery, status, monotonic_ms() - self._started_ms, problem)

    def cancel(self) -> None:
        """Give up waiting."""
        self._line.close()


async def _outcome(asking: Coroutine[Any, Any, int]) -> tuple[int | None, str | None]:
    """Give the status of an answer, or in words why there is none."""
    try:
        return await asking, None
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
    return None, problem


def place_of(parcel: Parcel) -> Place | None:
    """Say how a plain parcel is written down; None: its address or its headers want a general client."""
    if not parcel.headers:
        return None
    names, values = zip(*parcel.headers, strict=True)
    told = "".join(values)
    return None if "\r" in told or "\n" in told or "\0" in told else _place(parcel.url, names)


@lru_cache(maxsize=256)
def _place(url: str, names: tuple[str, ...]) -> Place | None:
    found = _PLAIN_URL.fullmatch(url)
    if found is None or int(found[2]) > PORT_MAX or not _are_plain(names):
        return None
    host, port, path = found[1], int(found[2]), found[3] or "/"
    named = "".join([f"{name}: %s\r\n" for name in names])
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{named}Content-Length: %d\r\n{_STANDING}\r\n"
    return Place((host, port), head)


def _are_plain(names: tuple[str, ...]) -> bool:
    """Say whether headers are written down as they are, between those that every client writes."""
    lower = [name.lower() for name in names]
    is_known = lower[:2] == ["content-type", "user-agent"] and set(_CLIENTS_OWN.split()).isdisjoint(lower[2:])
    return is_known and len(set(lower)) == len(lower) and all(map(_TOKEN.fullmatch, names))
