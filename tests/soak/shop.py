"""A small integration for the soak: a client that pays over one kept-alive connection, and a receiver."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

PATIENCE_S = 30.0
_REFERENCE = re.compile(rb'"order": "(o[0-9a-z]{15})"')
_ID = re.compile(rb'"id": "(evt_[0-9A-Za-z]+)"')


class Line:
    """One connection to the provider, opened anew where the provider has dropped it."""

    def __init__(self, port: int, api_key: str) -> None:
        self._port, self._api_key = port, api_key
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.dropped = 0

    async def ask(
        self, method: str, path: str, form: dict[str, Any] | None = None, key: str | None = None
    ) -> tuple[int, Any]:
        """Ask once, and give status and body; raises ConnectionError where there is no whole answer."""
        body = urlencode(form or {}).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self._api_key}\r\n"
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        head += f"Idempotency-Key: {key}\r\n\r\n" if key else "\r\n"
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        assert self._reader is not None
        try:
            self._writer.write(head.encode() + body)
            status, headers = _head(await self._reader.readuntil(b"\r\n\r\n"))
            told = await self._reader.readexactly(int(headers.get("content-length", "0")))
        except (asyncio.IncompleteReadError, OSError) as error:
            self.dropped += 1
            await self.close()
            raise ConnectionError("no whole answer") from error
        return status, json.loads(told)

    async def close(self) -> None:
        """Hang up."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def _head(data: bytes) -> tuple[int, dict[str, str]]:
    first, *rest = data.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in rest if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


@dataclass(slots=True)
class Told:
    """What webhooks have told of one order that is open."""

    events: set[bytes] = field(default_factory=set)
    types: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Receiver:
    """Takes webhooks, each event once, and wakes whoever waits for one; knows open orders only."""

    def __init__(self) -> None:
        self.open: dict[str, Told] = {}
        self.taken = self.duplicates = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """Give where webhooks go."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"

    async def hears(self, reference: str, wire_type: str) -> None:
        """Wait until an order was told of an event of this type; raises TimeoutError."""
        told = self.open[reference]
        async with asyncio.timeout(PATIENCE_S):
            while wire_type not in told.types:
                told.news.clear()
                await told.news.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                _, headers = _head(b"POST 0 " + await reader.readuntil(b"\r\n\r\n"))
                self._take(await reader.readexactly(int(headers["content-length"])))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return  # The other side has left, or the receiver ends.
        finally:
            self._tasks.discard(task)
            writer.close()

    def _take(self, body: bytes) -> None:
        self.taken += 1
        reference, event = _REFERENCE.search(body), _ID.search(body)
        told = self.open.get(reference[1].decode()) if reference else None
        if told is None or event is None:
            return
        if event[1] in told.events:
            self.duplicates += 1
            return
        told.events.add(event[1])
        told.types.append(str(json.loads(body)["type"]))
        told.news.set()
