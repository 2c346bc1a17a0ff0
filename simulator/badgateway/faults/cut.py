"""The fault `cut`: the answer breaks off."""

from __future__ import annotations

from badgateway.faults.base import Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply


class Cut(Fault):
    """Break the answer off.

    On the wire: all headers with the full Content-Length, the first `after` bytes of the body, then FIN.
    In the field: a provider's worker dies while it writes, a proxy's buffer limit, a lost mobile link.
    Should hold: half an answer is no answer; a short or broken body leaves the charge unknown.
    """

    name = "cut"
    options = (
        Option(
            "after", "integer", "bytes of the body that still arrive; always less than all", 20, minimum=0
        ),
    )
    remedy = (
        "Compare the length, and parse before you believe: a 200 in the status line says nothing while the "
        "body is broken. Treat it as a lost answer, and repeat with the same idempotency key."
    )

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - the answer stays
        """Promise the whole body and send its beginning."""
        after = self.value("after")
        assert isinstance(after, int), after
        # A body shorter than `after` would arrive whole, and the fault would not have happened.
        kept = max(0, min(after, len(reply.body) - 1))
        return Effect(reply, body_bytes_max=kept, ending="fin", fault=self.name)
