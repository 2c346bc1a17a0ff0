"""The collector: where OpenTelemetry exporters send to, so that canaries are looked for in spans."""

from __future__ import annotations

import zlib
from collections.abc import Collection

from badgateway.faults.base import Effect
from badgateway.ground.message import Reply, Request
from badgateway.integration.watch import TEXT_MAX, Watch

PREFIX = "/otlp"  # what OTEL_EXPORTER_OTLP_ENDPOINT is given; SDKs put the path of the signal behind it
TRACE = "trace"
PLACES = {"/v1/traces": TRACE, "/v1/logs": "log", "/v1/metrics": "metrics"}
BYTES_MAX = 16 << 20  # of one export, unpacked
OVERLAP = 1_024  # characters, so that no canary is cut in two
GZIP = zlib.MAX_WBITS | 32  # takes gzip and zlib alike


def is_for_collector(request: Request) -> bool:
    """Say whether a request is an export of telemetry."""
    return request.path.startswith(f"{PREFIX}/")


class Export:
    """One export of spans, logs or metrics; implements `play.seam.Exchange`. Never parks, and moves nothing.

    Both encodings of OTLP over HTTP are taken, JSON and protobuf: texts stand in either as they are. Nothing
    of it is kept. Which play it belongs to is not told in it, so every play that is on is asked.
    Source: OpenTelemetry Protocol Specification 1.x, section OTLP/HTTP.
    """

    def __init__(self, watches: Collection[Watch], request: Request) -> None:
        self._request = request
        self._place = PLACES.get(request.path.removeprefix(PREFIX))
        if self._place is None:
            return
        said = unpacked(request).decode("utf-8", "replace")
        for watch in watches:
            watch.exports[self._place] += 1
            for since in range(0, len(said), TEXT_MAX - OVERLAP):
                watch.look(self._place, said[since : since + TEXT_MAX])

    async def admit(self) -> Effect | None:
        """Wait for nothing."""
        return None

    def commit(self) -> Reply:
        """Answer as a collector does that took everything."""
        if self._place is None:
            return Reply(404, b'{"error": "badgateway: traces, logs and metrics come below /otlp/v1/"}')
        kind = self._request.header("content-type") or "application/json"
        is_json = kind.startswith("application/json")
        return Reply(200, b"{}" if is_json else b"", (("content-type", kind),))

    async def release(self, reply: Reply) -> Effect:
        """Send it as it is."""
        return Effect(reply)

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:
        """Remember nothing."""


def unpacked(request: Request) -> bytes:
    """Give the body as it was before it was compressed; what is damaged stays as it came."""
    if not request.header("content-encoding"):
        return request.body
    try:
        return zlib.decompressobj(GZIP).decompress(request.body, BYTES_MAX)
    except zlib.error:
        return request.body
