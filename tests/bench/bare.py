"""The limit: uvicorn's own protocol, which reads a request and answers with prepared bytes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from badgateway.server.loops import run


async def serve(body: bytes) -> None:
    """Answer everything with this body until the process is ended."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    end = {"type": "http.response.body", "body": body, "more_body": False}

    async def app(_scope, receive, send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send(start)
        await send(end)

    config, state = Config(app, http="httptools", access_log=False, log_config=None), ServerState()
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: HttpToolsProtocol(config, state, {}, loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.create_future()


if __name__ == "__main__":
    run(serve(Path(sys.argv[1]).read_bytes()))
