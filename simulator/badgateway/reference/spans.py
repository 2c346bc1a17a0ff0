"""Spans of calls to the provider, exported to a collector as OTLP/HTTP in JSON."""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from badgateway.reference.clock import Clock, new_token
from badgateway.reference.tracing import current

_WAITING_MAX = 1_000  # spans; what comes while so many wait is dropped
_TIMEOUT_S = 2.0
_CLIENT, _FAILED = 3, 2  # numbers of the protocol: kind of a span, status of a span

Attributes = Mapping[str, str | int]


class SpanRules:
    """A span says which call was made and what came of it, and nothing of what it carried."""

    def asked(self, method: str, url: str, headers: Mapping[str, str]) -> Attributes:  # noqa: ARG002 - the seam tells them
        """Give what may be known of a request: neither its query, nor its headers, nor its body."""
        parts = urlsplit(url)
        return {
            "http.request.method": method.upper(),
            "server.address": parts.hostname or "",
            "url.path": parts.path,
        }


@dataclass(slots=True)
class Outcome:
    """What came of a call; `status` stays None where no answer came."""

    status: int | None = None


class Spans:
    """Makes spans and sends them by a thread of its own: no shopper waits for a collector."""

    def __init__(self, url: str, clock: Clock, rules: SpanRules | None = None) -> None:
        self._url = urlsplit(url)
        self._clock = clock
        self._rules = rules or SpanRules()
        self._waiting: queue.Queue[dict[str, Any] | None] = queue.Queue(_WAITING_MAX)
        self._thread = threading.Thread(target=self._send_all, name="spans", daemon=True) if url else None
        if self._thread is not None:
            self._thread.start()

    @contextmanager
    def call(self, method: str, url: str, headers: Mapping[str, str]) -> Iterator[Outcome]:
        """Measure one call."""
        outcome, since_ms = Outcome(), self._clock.wall_ms()
        try:
            yield outcome
        finally:
            if self._thread is not None:
                self._end(self._rules.asked(method, url, headers), outcome, since_ms)

    def close(self) -> None:
        """Send what waits, and end the thread."""
        if self._thread is not None:
            with suppress(queue.Full):
                self._waiting.put_nowait(None)
            self._thread.join(_TIMEOUT_S)

    def _end(self, attributes: Attributes, outcome: Outcome, since_ms: int) -> None:
        cause = current()
        known = {**attributes, "enduser.role": cause.actor}
        if outcome.status is not None:
            known["http.response.status_code"] = outcome.status
        is_failed = outcome.status is None or outcome.status >= 400
        span = {
            "traceId": hashlib.sha256(cause.correlation.encode()).hexdigest()[:32],
            "spanId": new_token()[:16],
            "name": f"{known['http.request.method']} provider",
            "kind": _CLIENT,
            "startTimeUnixNano": str(since_ms * 1_000_000),
            "endTimeUnixNano": str(self._clock.wall_ms() * 1_000_000),
            "attributes": [_attribute(key, value) for key, value in known.items()],
            "status": {"code": _FAILED} if is_failed else {},
        }
        with suppress(queue.Full):
            self._waiting.put_nowait(span)

    def _send_all(self) -> None:
        while (span := self._waiting.get()) is not None:
            # A collector that is away is no reason to do anything but go on.
            with suppress(OSError, HTTPException):
                self._send(span)

    def _send(self, span: dict[str, Any]) -> None:
        resource = {"attributes": [_attribute("service.name", "reference")]}
        scope = {"scope": {"name": "badgateway.reference"}, "spans": [span]}
        body = json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]})
        connection = HTTPConnection(self._url.netloc, timeout=_TIMEOUT_S)
        try:
            kind = {"Content-Type": "application/json"}
            connection.request("POST", f"{self._url.path}/v1/traces", body, kind)
            connection.getresponse().read()
        finally:
            connection.close()


def _attribute(key: str, value: str | int) -> dict[str, Any]:
    told = {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}
    return {"key": key, "value": told}
