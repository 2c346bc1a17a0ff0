"""The fault `reset`: the connection is torn down."""

from __future__ import annotations

from badgateway.faults.base import Effect, ErrorPage, Fault, bare_page
from badgateway.ground.message import Reply


class Reset(Fault):
    """Tear the connection down.

    On the wire: no byte of an answer, then RST; the reader's next read fails with "connection reset by peer".
    In the field: a firewall loses its state table, a host is fenced off, a process dies with unread data.
    Should hold: a reset is no verdict on the charge; it is treated like any other lost answer.
    """

    name = "reset"
    remedy = (
        "Catch the connection error where you catch the time-out, and treat both alike: the outcome is "
        "unknown. Repeat with the same idempotency key, or look the payment up by your own reference."
    )

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - nothing is said
        """Drop the answer and send RST."""
        return Effect(None, ending="rst", fault=self.name)
