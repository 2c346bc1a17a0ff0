"""Flask, lean: one view that lets an exchange commit and renders what the provider says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from flask import Request as FlaskRequest
from flask.sessions import NullSession, SessionInterface

from badgateway.ground.message import Headers, Reply, Request
from badgateway.play.seam import Exchange
from badgateway.server.heads import BODILESS

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

    def __init__(self, environ: WSGIEnvironment) -> None:  # its attributes would be a third of the rendering
        self.environ = environ

    def close(self) -> None:
        """Leave uploaded files out: there are none."""


class ProviderApp(Flask):
    """A Flask application without URL map, WSGI, sessions, signals and Response.

    Dialects have routed the request already, and what they answer is bytes and headers.
    """

    session_interface = _NoSessions()
    request_class = _Unread

    def __init__(self) -> None:
        super().__init__("badgateway.server", static_folder=None, template_folder=None)

    def create_url_adapter(self, request: Any) -> None:
        """Leave the URL map out."""

    def do_teardown_request(self, exc: Any = None) -> None:
        """Leave the functions and signals of a request's end out: there are none."""

    def do_teardown_appcontext(self, exc: Any = None) -> None:
        """Leave the functions and signals of a context's end out: there are none."""

    def answer(self, asked: Request, exchange: Exchange) -> Reply:
        """Answer one request within its context, in the running loop; what the view raises is raised."""
        context = self.request_context({_EXCHANGE: exchange})
        context.push()
        try:
            reply = _view(exchange)
        finally:
            context.pop(None)
        return _rendered(reply, is_bodiless=reply.status in BODILESS or asked.method == "HEAD")


def _view(exchange: Exchange) -> Reply:
    """Let the provider do it: the one view there is, within the context of its request."""
    return exchange.commit()


def _rendered(reply: Reply, *, is_bodiless: bool) -> Reply:
    """Give an answer as it can leave: names in lower case, no body where none may be, no length."""
    is_plain = not (is_bodiless and reply.body)
    for name, value in reply.headers:
        if not value.isprintable():
            assert "\n" not in value, "a header is one line"
            assert "\r" not in value, "a header is one line"
        if not name.islower() or name == "content-length":
            is_plain = False
    if is_plain:
        return reply
    return Reply(reply.status, b"" if is_bodiless else reply.body, _lowered(reply.headers))


def _lowered(headers: Headers) -> Headers:
    return tuple([(low, value) for name, value in headers if (low := name.lower()) != "content-length"])
