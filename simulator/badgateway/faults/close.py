"""The fault `close`: the connection ends and nothing was said."""

from __future__ import annotations

from badgateway.faults.base import Effect, ErrorPage, Fault, bare_page
from badgateway.ground.message import Reply


class Close(Fault):
    """End the connection without an answer.

    On the wire: no byte of an answer, then FIN.
    In the field: a load balancer recycles its backends, a worker is killed in mid-request, a proxy gives up.
    Should hold: an unanswered charge counts as unknown, never as failed, and is repeated under the same key.
    """

    name = "close"
    remedy = (
        "Write down the attempt and its idempotency key before the call. When no answer comes, keep the "
        "attempt as unknown, and repeat the same call with the same key until the provider settles it."
    )

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - nothing is said
        """Drop the answer and send FIN."""
        return Effect(None, ending="fin", fault=self.name)
