"""The only outbound HTTP to the integration's webhooks: one by one, or all last bytes together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from badgateway.ground.barrier import Barrier, held_back
from badgateway.ground.clock import monotonic_ms
from badgateway.ground.message import Headers

ANSWER_BYTES_MAX = 64 * 1024


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
        barrier = Barrier(len(parcels), cutoff_ms)
        return [self.send_behind(parcel, barrier) for parcel in parcels]

    def send_behind(self, parcel: Parcel, barrier: Barrier) -> Coroutine[Any, Any, Receipt]:
        """Give a sender that keeps its last byte until the barrier opens."""
        return self._post(parcel, held_back(parcel.body, barrier), barrier)

    async def _post(
        self, parcel: Parcel, body: bytes | AsyncIterator[bytes], barrier: Barrier | None = None
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
