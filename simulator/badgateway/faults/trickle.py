"""The fault `trickle`: the answer comes in drops."""

from __future__ import annotations

from badgateway.faults.base import Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply


class Trickle(Fault):
    """Send the answer slowly.

    On the wire: status line and headers at once, then the body in small pieces at `bytes_per_s`.
    In the field: a congested link, a throttling proxy, a provider that streams while it still works.
    Should hold: the deadline is for the whole call; a time-out that restarts with each byte never ends.
    """

    name = "trickle"
    options = (
        Option("bytes_per_s", "integer", "pace of the body in bytes per second", 64, (), 1, 1_000_000),
    )
    remedy = (
        "Bound the whole call, not only the gap between two bytes: most HTTP clients' read time-out starts "
        "again with every piece. Measure from the start and give the call up when the total is spent."
    )

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - the answer stays
        """Send the answer at the declared pace."""
        bytes_per_s = self.value("bytes_per_s")
        assert isinstance(bytes_per_s, int), bytes_per_s
        return Effect(reply, bytes_per_s=bytes_per_s, fault=self.name)
