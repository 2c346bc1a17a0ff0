"""A relay that stands between an SDK and the simulator, and keeps what passes through it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

WAIT_S = 60
# They belong to one connection, and the relay makes others of its own.
OF_A_CONNECTION = {"connection", "content-length", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Passed:
    """One request and its answer, as they went over the wire."""

    method: str
    path: str
    sent: bytes
    status: int
    headers: Mapping[str, str]  # of the answer, their names in small letters
    answer: bytes


@dataclass(slots=True)
class Relay:
    """Where a relay listens, and what passed through it so far."""

    url: str
    passed: list[Passed] = field(default_factory=list)


@contextmanager
def relaying(target: Callable[[], str]) -> Iterator[Relay]:
    """Relay to an address, which is asked for with each request; 502 where nobody listens there."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together
        disable_nagle_algorithm = True

        def relay(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, answer = asked(target(), self, sent)
            named = {name.lower(): value for name, value in headers}
            made.passed.append(Passed(self.command, self.path, sent, status, named, answer))
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in OF_A_CONNECTION:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_DELETE = do_PUT = relay  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Relay(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asked(url: str, request: BaseHTTPRequestHandler, sent: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    """Ask the other side the same; its name stays the relay's, so that links lead through the relay."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=WAIT_S)
    try:
        connection.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            if name.lower() not in OF_A_CONNECTION:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(sent)))
        connection.endheaders(sent)
        with connection.getresponse() as answer:
            return answer.status, answer.getheaders(), answer.read()
    except OSError:
        return 502, [], b""
    finally:
        connection.close()
