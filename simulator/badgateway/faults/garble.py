"""The fault `garble`: the answer's body is somebody else's."""

from __future__ import annotations

from badgateway.faults.base import Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply
from badgateway.ground.records import changed

_PAGE = b"<!DOCTYPE html>\n<html><head><title>One moment</title></head><body>Back soon.</body></html>\n"


class Garble(Fault):
    """Put something else in the answer's body.

    On the wire: status and headers of the true answer, a right length, and a body that is not the provider's.
    In the field: a proxy's maintenance page with status 200, a firewall's challenge, a broken character set.
    Should hold: a body that cannot be read says nothing; the charge is unknown until somebody has looked.
    """

    name = "garble"
    options = (Option("with", "choice", "what stands in the body", "html", ("html", "nothing", "half")),)
    remedy = (
        "Read an answer as untrusted input: check that it is the provider's object before you believe its "
        "status line. What cannot be read is a lost answer: stay pending, and repeat with the same key."
    )

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - the answer stays
        """Keep the head and change the body."""
        half = reply.body[: len(reply.body) // 2]
        bodies = {"html": _PAGE, "nothing": b"", "half": half}
        return Effect(changed(reply, body=bodies[str(self.value("with"))]), fault=self.name)
