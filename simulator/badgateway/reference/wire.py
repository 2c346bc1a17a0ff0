"""The HTTP client under the Stripe SDK: one bound for a whole exchange, however its answer trickles."""

from __future__ import annotations

import io
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any, cast
from urllib.parse import urlsplit

from badgateway.reference.clock import Clock
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.sdk import stripe
from badgateway.reference.spans import Spans

_BODY_BYTES_MAX = 4_000_000


class NotSent(stripe.APIConnectionError):
    """No connection was made: the provider cannot have seen the request."""

    def __init__(self, message: str) -> None:
        super().__init__(message)  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


class Interrupted(stripe.APIConnectionError):
    """The connection ended or time ran out after the request may have been seen."""

    def __init__(self, message: str) -> None:
        super().__init__(message)  # type: ignore[no-untyped-call]  # as above


class BoundedClient(stripe.HTTPClient):
    """Connects anew for each request, so that no stale connection makes a fresh request doubtful."""

    name = "bounded"

    def __init__(
        self,
        clock: Clock,
        before_call: Callable[[], None],
        deadlines: Deadlines | None = None,
        spans: Spans | None = None,
    ) -> None:
        super().__init__()
        self._spans = spans or Spans("", clock)
        self._clock = clock
        self._deadlines = deadlines or Deadlines()
        self._before_call = before_call
        self._here = threading.local()

    def allow_ms(self, budget_ms: float) -> None:
        """Set how long a request of this thread may take from its connection to its last byte."""
        self._here.budget_ms = budget_ms

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Send one request and read the whole answer; raises NotSent or Interrupted."""
        self._before_call()
        with self._spans.call(method, url, headers or {}) as outcome:
            answer = self._exchange(method, url, headers or {}, post_data)
            outcome.status = answer[1]
        return answer

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any
    ) -> tuple[Any, int, Mapping[str, str]]:
        self._here.until_ms = self._clock.monotonic_ms() + self._here.budget_ms
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc)
        try:
            sock = self._connect(parts.scheme, cast("str", parts.hostname), parts.port)
        except OSError as problem:
            raise NotSent(f"no connection to the provider: {type(problem).__name__}") from problem
        bounded = _BoundedSocket(sock, self._left_s)
        connection.sock = cast("socket.socket", bounded)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(
                method.upper(), target, body=post_data, headers={**headers, "Connection": "close"}
            )
            response = connection.getresponse()
            body = response.read(_BODY_BYTES_MAX)
        except (OSError, HTTPException) as problem:
            raise Interrupted(f"the provider's answer did not arrive: {type(problem).__name__}") from problem
        finally:
            connection.close()
        return body, response.status, cast("Mapping[str, str]", response.headers)

    def close(self) -> None:
        """Nothing stays open between requests."""

    def _left_s(self) -> float:
        until_ms, allowed_ms = float(self._here.until_ms), float(self._here.budget_ms)
        left_ms = self._deadlines.left_ms(until_ms, self._clock.monotonic_ms(), allowed_ms)
        if left_ms <= 0:
            raise TimeoutError("the time for this call is over")
        return left_ms / 1000

    def _connect(self, scheme: str, host: str, port: int | None) -> socket.socket:
        sock = socket.create_connection(
            (host, port or (443 if scheme == "https" else 80)), timeout=self._left_s()
        )
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return (
            ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            if scheme == "https"
            else sock
        )


class _BoundedSocket:
    """As much of a socket as http.client uses; every wait is cut to what is left of the whole."""

    def __init__(self, sock: socket.socket, left_s: Callable[[], float]) -> None:
        self._sock = sock
        self._left_s = left_s

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._left_s())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._sock, self._left_s))

    def close(self) -> None:
        with suppress(OSError):
            self._sock.close()


class _BoundedReader(io.RawIOBase):
    """Reads through the socket's own file, which keeps the connection while http.client has let go of it."""

    def __init__(self, sock: socket.socket, left_s: Callable[[], float]) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._left_s = left_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._left_s())
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
