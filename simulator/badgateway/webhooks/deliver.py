"""The only outbound HTTP to the integration's webhooks: one by one, or all last bytes together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from badgateway.ground.clock import monotonic_ms
from badgateway.ground.message import Headers

ANSWER_BYTES_MAX = 64 * 1024
SETTLE_S = 0.002


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


class Courier:
    """Sends webhooks over kept-alive connections; redirects are answers, never followed."""

    def __init__(self, timeout_ms: int) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout_ms / 1000)
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
        if self._session is not None:
            await self._session.close()

    async def send(self, parcel: Parcel) -> Receipt:
        """Send one parcel and wait for its answer; what goes wrong is in the receipt, never raised."""
        return await self._post(parcel, parcel.body)

    def send_at_once(self, parcels: Sequence[Parcel], cutoff_ms: float) -> list[Coroutine[Any, Any, Receipt]]:
        """Give a sender for each parcel; on their own connections they let their last bytes go together."""
        barrier = _Barrier(len(parcels), cutoff_ms)
        return [self._post(parcel, _held_back(parcel.body, barrier), barrier) for parcel in parcels]

    async def _post(
        self, parcel: Parcel, body: bytes | AsyncIterator[bytes], barrier: _Barrier | None = None
    ) -> Receipt:
        assert self._session is not None, "the courier is used as a context manager"
        headers = {**dict(parcel.headers), "Content-Length": str(len(parcel.body))}
        started = monotonic_ms()
        status: int | None = None
        problem: str | None = None
        try:
            async with self._session.post(
                parcel.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.content.read(ANSWER_BYTES_MAX)
                status = answer.status
        except TimeoutError:
            problem = "no answer in time"
        except aiohttp.ClientConnectorError:
            problem = "connection refused"
        except aiohttp.ServerDisconnectedError:
            problem = "connection closed without an answer"
        except (aiohttp.ClientError, ConnectionError) as error:
            problem = type(error).__name__
        if barrier is None:
            return Receipt(parcel.delivery, status, monotonic_ms() - started, problem)
        barrier.leave()
        elapsed_ms = monotonic_ms() - (barrier.opened_ms or started)
        return Receipt(parcel.delivery, status, elapsed_ms, problem, barrier.was_complete)


class _Barrier:
    """Holds the last bytes of a burst until every member is there, or the cut-off has passed."""

    def __init__(self, members: int, cutoff_ms: float) -> None:
        self.was_complete = False
        self.opened_ms = 0.0
        self._members, self._waiting = members, 0
        self._cutoff_s = cutoff_ms / 1000
        self._open = asyncio.Event()

    async def wait(self) -> None:
        """Say that this member has only its last byte left, and wait for the others."""
        self._waiting += 1
        if self._waiting == 1:
            asyncio.get_running_loop().call_later(self._cutoff_s, self._release)
        self._settle()
        await self._open.wait()

    def leave(self) -> None:
        """Say that this member is over, whether or not it reached its last byte."""
        if not self._open.is_set():
            self._members -= 1
            self._settle()

    def _settle(self) -> None:
        if self._waiting >= self._members:
            self.was_complete = self._waiting > 1
            # What was written last shall have arrived, so that all wait for nothing but a last byte.
            asyncio.get_running_loop().call_later(SETTLE_S, self._release)

    def _release(self) -> None:
        if not self._open.is_set():
            self.opened_ms = monotonic_ms()
            self._open.set()


async def _held_back(body: bytes, barrier: _Barrier) -> AsyncIterator[bytes]:
    yield body[:-1]
    await barrier.wait()
    yield body[-1:]
