"""Flask, lean: one view that lets an exchange commit and renders what the provider says."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask.sessions import NullSession, SessionInterface
from werkzeug.http import HTTP_STATUS_CODES

from badgateway.ground.message import Reply, Request
from badgateway.play.seam import Exchange

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_EXCHANGE = "badgateway.exchange"
_NOBODY = NullSession()
_BODILESS = (204, 304)


class _NoSessions(SessionInterface):
    """A provider's API keeps no session."""

    def open_session(self, app: Flask, request: Any) -> NullSession:  # noqa: ARG002 - Flask's signature
        return _NOBODY


class ProviderApp(Flask):
    """A Flask application without URL map, sessions, signals and Response.

    Dialects have routed the request already, and what they answer is bytes and headers.
    """

    session_interface = _NoSessions()

    def __init__(self) -> None:
        super().__init__("badgateway.server", static_folder=None, template_folder=None)

    def create_url_adapter(self, request: Any) -> None:
        """Leave the URL map out."""

    def do_teardown_request(self, exc: Any = None) -> None:
        """Leave the functions and signals of a request's end out: there are none."""

    def do_teardown_appcontext(self, exc: Any = None) -> None:
        """Leave the functions and signals of a context's end out: there are none."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request within its context; what the view raises is raised."""
        context = self.request_context(environ)
        context.push()
        try:
            reply = _view()
        finally:
            context.pop(None)
        values = "".join([value for _, value in reply.headers])
        assert "\n" not in values, "a header is one line"
        assert "\r" not in values, "a header is one line"
        start_response(_status_line(reply.status), list(reply.headers))
        is_bodiless = reply.status in _BODILESS or environ["REQUEST_METHOD"] == "HEAD"
        return () if is_bodiless else (reply.body,)

    def answer(self, asked: Request, exchange: Exchange) -> Reply:
        """Call this application as WSGI, in the running loop, and give its answer as a plain value."""
        began: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            began.append((status, headers))

        body = b"".join(self(_environ(asked, exchange), start_response))
        status, headers = began[0]
        kept = [(low, value) for name, value in headers if (low := name.lower()) != "content-length"]
        return Reply(int(status[:3]), body, tuple(kept))


def _view() -> Reply:
    """Let the provider do it: the one view there is, within the context of its request."""
    exchange: Exchange = request.environ[_EXCHANGE]
    return exchange.commit()


@cache
def _status_line(status: int) -> str:
    return f"{status} {HTTP_STATUS_CODES.get(status, 'Unknown')}".upper()


def _environ(asked: Request, exchange: Exchange) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": asked.path,
        "QUERY_STRING": asked.query,
        "SERVER_NAME": "badgateway",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": asked.header("content-type") or "",
        "CONTENT_LENGTH": str(len(asked.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(asked.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        _EXCHANGE: exchange,
    }
