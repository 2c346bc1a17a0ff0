"""The fault `reply`: another answer than the true one."""

from __future__ import annotations

from badgateway.faults.base import BEFORE_COMMIT, Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground import message


class Reply(Fault):
    """Answer something else.

    On the wire: a whole answer with another status, headers or body, and the connection stays open.
    In the field: rate limits, a gateway's HTML error page, a 500 from a worker that had booked the charge.
    Should hold: 429 and 5xx are repeated later with the same key; no status alone decides about money.
    """

    name = "reply"
    phase = BEFORE_COMMIT
    options = (
        Option(
            "status",
            "integer",
            "HTTP status; alone, it comes with the provider's own page",
            500,
            (),
            200,
            599,
        ),
        Option("headers", "mapping", "headers to set: name to value"),
        Option("body", "text", "body in place of the provider's own page"),
        Option("retry_after", "duration", "Retry-After header, sent in whole seconds, rounded up", minimum=0),
        Option(
            "stored", "flag", "the idempotency key remembers it, and is given nothing else any more", False
        ),
    )
    remedy = (
        "Sort answers into three: final, repeat later, unknown. Repeat 429 and 5xx with the same idempotency "
        "key, after `Retry-After` where it is given and with growing pauses where it is not, up to a bound."
    )

    def objection(self) -> str | None:
        """Refuse headers that would break the message apart."""
        for name, text in self._headers():
            if (
                not name
                or not all(letter.isalnum() or letter in "-_" for letter in name)
                or not name.isascii()
            ):
                return f"{name!r} is no name of an HTTP header"
            if not text.isprintable() or not text.isascii():
                return f"header {name!r} may hold printable ASCII only"
        return None

    def strike(self, reply: message.Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - replaced
        """Give the provider's own page for the status, or what the scenario wrote."""
        status, body, pause_ms = self.value("status"), self.value("body"), self.value("retry_after")
        assert isinstance(status, int), status
        answer = (
            page(status) if body is None else message.Reply(status, str(body).encode(), _type_of(str(body)))
        )
        if pause_ms is not None:
            assert isinstance(pause_ms, int), pause_ms
            answer = answer.with_header("retry-after", str(-(-pause_ms // 1000)))
        for name, text in self._headers():
            answer = answer.with_header(name.lower(), text)
        return Effect(answer, fault=self.name, is_stored=bool(self.value("stored")))

    def _headers(self) -> tuple[tuple[str, str], ...]:
        headers = self.value("headers") or {}
        assert isinstance(headers, dict), headers
        return tuple((str(name), str(text)) for name, text in headers.items())


def _type_of(body: str) -> message.Headers:
    kinds = {"<": "text/html; charset=utf-8", "{": "application/json", "[": "application/json"}
    return (("content-type", kinds.get(body.lstrip()[:1], "text/plain; charset=utf-8")),)
