"""The HTTP client of a running integration: bounded, without redirects, no exception for what it meets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from badgateway.ground.barrier import Barrier, held_back
from badgateway.ground.clock import monotonic_ms

BODY_BYTES_MAX = 1 << 20
REFUSED, TIMEOUT, LOST, GARBAGE = "connection refused", "timeout", "connection lost", "garbage"
# Shorter than servers keep idle connections, so that no request is sent into one that is being closed.
_KEEP_ALIVE_S = 1.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request, filled in."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came back: an HTTP status, or the problem that kept it away."""

    status: int | None
    elapsed_ms: float
    body: bytes = b""
    location: str | None = None
    problem: str | None = None

    def document(self) -> Any:
        """Give the body as JSON, decimals exact; raises ValueError with a plain sentence."""
        if not self.body.strip():
            raise ValueError("the answer is empty")
        try:
            return json.loads(self.body, parse_float=Decimal, parse_constant=_refuse_constant)
        except RecursionError:
            raise ValueError("the answer is nested too deeply") from None
        except ValueError:
            shown = self.body[:60].decode("utf-8", "replace")
            raise ValueError(f"the answer is not JSON: it starts with {shown!r}") from None


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


class Client:
    """Sends requests over kept connections; open one for each life of the process."""

    def __init__(self, deadline_ms: int) -> None:
        self.timeout_s = deadline_ms * 2 / 1000 + 1
        self._session: aiohttp.ClientSession | None = None

    async def send(self, outgoing: Outgoing, barrier: Barrier | None = None) -> Incoming:
        """Send one request and read the whole answer; a failure is a problem in plain words.

        Behind a barrier the last byte of the body waits on the open socket; without a body, the whole head.
        """
        since = monotonic_ms()
        problem = None
        try:
            return await self._exchange(outgoing, since, barrier)
        except TimeoutError:
            problem = f"{TIMEOUT}: no whole answer within {self.timeout_s:g} s"
        except aiohttp.ClientConnectorError as error:
            refused = isinstance(error.os_error, ConnectionRefusedError)
            problem = REFUSED if refused else f"{LOST}: {error.os_error.strerror or 'cannot connect'}"
        except aiohttp.ClientPayloadError:
            problem = f"{LOST}: the answer breaks off"
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            problem = f"{LOST}: it closed the connection without an answer"
        except (aiohttp.ClientError, ValueError) as error:
            reason = str(getattr(error, "message", "") or error).splitlines() or [type(error).__name__]
            problem = f"{GARBAGE}: {reason[0][:200]}"
        return Incoming(None, monotonic_ms() - since, problem=problem)

    async def _exchange(self, outgoing: Outgoing, since: float, barrier: Barrier | None) -> Incoming:
        headers, body_out = dict(outgoing.headers), outgoing.body
        data: Any = body_out
        if barrier is not None and body_out:
            headers, data = {**headers, "Content-Length": str(len(body_out))}, held_back(body_out, barrier)
        async with self._open().request(
            outgoing.method,
            URL(outgoing.url, encoded=True),
            headers=headers,
            data=data,
            allow_redirects=False,
            trace_request_ctx=None if body_out else barrier,
        ) as answer:
            # Time spent at our own barrier is no slowness of the integration.
            since = max(since, barrier.opened_ms) if barrier is not None else since
            body = b""
            while chunk := await answer.content.read(64 << 10):
                body += chunk
                if len(body) > BODY_BYTES_MAX:
                    answer.close()
                    problem = f"{GARBAGE}: the answer is longer than {BODY_BYTES_MAX} bytes"
                    return Incoming(answer.status, monotonic_ms() - since, problem=problem)
            return Incoming(answer.status, monotonic_ms() - since, body, answer.headers.get("Location"))

    async def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self.timeout_s),
                trust_env=False,
                trace_configs=[_held_at_the_socket()],
            )
        return self._session


def _held_at_the_socket() -> aiohttp.TraceConfig:
    """Let a request that has no body wait for its barrier once its socket is open, before its first byte."""

    async def wait(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        if context.trace_request_ctx is not None:
            await context.trace_request_ctx.wait()

    config = aiohttp.TraceConfig()
    config.on_connection_create_end.append(wait)
    config.on_connection_reuseconn.append(wait)
    return config


async def first_answer(url: str, status: int | None, interval_s: float = 0.015) -> bytes:
    """Ask until something answers with this status (None: any), give the body; the caller bounds the time."""
    async with aiohttp.ClientSession(trust_env=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        while True:
            try:
                async with session.get(URL(url, encoded=True), allow_redirects=False) as answer:
                    body = await answer.content.read(64 << 10)
                    if status is None or answer.status == status:
                        return body
            except (aiohttp.ClientError, OSError):
                pass
            await asyncio.sleep(interval_s)
