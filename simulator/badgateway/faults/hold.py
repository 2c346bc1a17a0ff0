"""The fault `hold`: the answer is late, or never comes."""

from __future__ import annotations

from badgateway.faults.base import Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply


class Hold(Fault):
    """Keep the caller waiting.

    On the wire: silence on an open connection; with `for`, the whole answer after that time.
    In the field: a provider under load, a lock in its database, an issuer that takes its time.
    Should hold: each call has a deadline of its own, and what runs into it is unknown, not failed.
    """

    name = "hold"
    options = (
        Option(
            "for", "duration", "real time until the answer; without it, until the caller leaves", minimum=1
        ),
    )
    remedy = (
        "Give every provider call a deadline shorter than your caller's. After it, leave the attempt as "
        "unknown, hold no lock or database transaction meanwhile, and settle it by repeating or fetching."
    )

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - the answer stays
        """Send the answer late, or wait until the caller leaves."""
        wait_ms = self.value("for")
        if wait_ms is None:
            return Effect(None, wait_ms=None, ending="fin", fault=self.name)
        assert isinstance(wait_ms, int), wait_ms
        return Effect(reply, wait_ms=wait_ms, fault=self.name)
