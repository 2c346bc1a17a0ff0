"""Flask, lean: one view that lets an exchange commit and renders what the provider says."""

from __future__ import annotations

from contextvars import copy_context
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask import Request as FlaskRequest
from flask.sessions import NullSession, SessionInterface

from badgateway.ground.message import Reply, Request
from badgateway.play.seam import Exchange
from badgateway.server.heads import BODILESS, LINES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_EXCHANGE = "badgateway.exchange"
_NOBODY = NullSession()


class _NoSessions(SessionInterface):
    """A provider's API keeps no session."""

    def open_session(self, app: Flask, request: Any) -> NullSession:  # noqa: ARG002 - Flask's signature
        return _NOBODY


class _Unread(FlaskRequest):
    """A request that Flask does not read again: a dialect has parsed it, and its exchange knows the rest."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.environ = environ


class ProviderApp(Flask):
    """A Flask application without URL map, WSGI, sessions, signals and Response.

    Dialects have routed the request already, and what they answer is bytes and headers. One context of a
    request serves all of them in turn, as they never overlap; to make one anew is a third of the rendering.
    """

    session_interface = _NoSessions()
    request_class = _Unread

    def __init__(self) -> None:
        super().__init__("badgateway.server", static_folder=None, template_folder=None)
        self._asked: dict[str, Any] = {_EXCHANGE: None}
        # Pushed in a context of variables of its own: outside of a view, nobody sees it.
        self._within = copy_context()
        self._within.run(self.request_context(self._asked).push)

    def create_url_adapter(self, request: Any) -> None:
        """Leave the URL map out."""

    def answer(self, asked: Request, exchange: Exchange) -> Reply:
        """Answer one request within its context, in the running loop; what the view raises is raised."""
        self._asked[_EXCHANGE] = exchange
        try:
            reply = self._within.run(exchange.commit)  # the one view there is: the provider does it
        finally:
            self._asked[_EXCHANGE] = None
        return _rendered(reply, is_bodiless=reply.status in BODILESS or asked.method == "HEAD")


def _rendered(reply: Reply, *, is_bodiless: bool) -> Reply:
    """Give an answer as it can leave: names in lower case, no body where none may be, no length."""
    headers = reply.headers
    is_plain = not (is_bodiless and reply.body)
    for name, value in headers:
        if not value.isprintable():
            assert "\n" not in value, "a header is one line"
            assert "\r" not in value, "a header is one line"
        if LINES[name] is None and _lower(name) != name:
            is_plain = False
    if is_plain:
        return reply
    lowered = tuple([(low, value) for name, value in headers if (low := _lower(name))])
    return Reply(reply.status, b"" if is_bodiless else reply.body, lowered)


@lru_cache(maxsize=1000)  # there are some dozens, unless a scenario invents them
def _lower(name: str) -> str:
    """Give the name of a header in lower case; none for the length, which the edge writes."""
    low = name.lower()
    return "" if low == "content-length" else low
