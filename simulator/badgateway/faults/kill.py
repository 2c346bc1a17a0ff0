"""The fault `kill`: the process that asks dies before it is answered."""

from __future__ import annotations

from badgateway.faults.base import AFTER_COMMIT, BEFORE_COMMIT, Effect, ErrorPage, Fault, bare_page
from badgateway.ground.message import Reply


class Kill(Fault):
    """End the process of the integration while its call is under way, and start it again.

    On the wire: silence, and then the caller's own end of the connection closes.
    In the field: a deployment, an out-of-memory kill or a power cut between the charge and the commit.
    Should hold: what was decided is on disk before the call, so that it is resolved after the start.
    """

    name = "kill"
    phases = (AFTER_COMMIT, BEFORE_COMMIT)
    remedy = (
        "Commit the attempt with its idempotency key before the call leaves, in its own transaction. At the "
        "start and in a job, take up every attempt without an outcome: repeat it with its key, or look it up."
    )

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - nobody hears
        """Keep the caller waiting; the player kills it meanwhile."""
        return Effect(None, wait_ms=None, ending="fin", fault=self.name, is_fatal=True)
