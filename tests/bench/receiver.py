"""A receiver of webhooks that answers each with 200, and counts the connections' requests and signatures.

Any GET is answered with what it has counted, as JSON.
"""

from __future__ import annotations

import asyncio
import json

import httptools

from badgateway.server.loops import run

TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Receiver(asyncio.Protocol):
    """One sender's connection."""

    def __init__(self, counted: dict[str, int]) -> None:
        self.counted = counted
        self.parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport) -> None:
        """Count a connection."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self.parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: ARG002 - httptools' signature
        """Count what is signed."""
        self.counted["signed"] += name.lower() == b"stripe-signature"

    def on_message_complete(self) -> None:
        """Answer."""
        if self.parser.get_method() == b"GET":
            body = json.dumps(self.counted).encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return
        self.counted["taken"] += 1
        self.transport.write(TAKEN)


async def serve() -> None:
    """Receive until the process is ended."""
    counted = {"taken": 0, "signed": 0}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Receiver(counted), "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.create_future()


if __name__ == "__main__":
    run(serve())
