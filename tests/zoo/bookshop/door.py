"""The door to Stripe: form bodies, keys, three tries, and one clock over all of it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from http.client import HTTPException
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

_TRIES = 3
_FIRST_PAUSE_S = 0.030
_LEAST_TRY_S = 0.010
_line = threading.local()


class Unknown(Exception):
    """Nobody knows what Stripe did.

    is_stored: this key will never bring another answer; wait_s: how long not to ask again.
    """

    def __init__(self, reason: str, *, is_stored: bool = False, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.is_stored, self.wait_s = is_stored, wait_s


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: 2xx or a definite refusal."""

    status: int
    body: dict[str, Any]
    is_replayed: bool

    @property
    def is_ok(self) -> bool:
        """Say whether it was done."""
        return 200 <= self.status < 300


class Deadline:
    """The time that one request may take altogether."""

    def __init__(self, seconds: float) -> None:
        self.try_s = seconds / 2
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Give the seconds that are left, never below 0."""
        return max(0.0, self._end - time.monotonic())

    def part(self, seconds: float) -> Deadline:
        """Give a shorter one within this one."""
        return Deadline(min(seconds, self.left()))


class _Watch:
    """Ends a connection when its time is over, however it trickles."""

    def __init__(self, seconds: float) -> None:
        self._socket: socket.socket | None = None
        self._is_over = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        _line.watch = self
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        _line.watch = self._socket = None

    def see(self, connected: socket.socket) -> None:
        """Learn which socket to end."""
        self._socket = connected
        if self._is_over:
            self._cut()

    def _cut(self) -> None:
        self._is_over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Plain(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _line.watch.see(self.sock)


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _line.watch.see(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class Door:
    """Speaks to Stripe's HTTP API."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "User-Agent": "bookshop/1", "Connection": "close"}

    def post(self, path: str, form: dict[str, Any], key: str, deadline: Deadline) -> Answer:
        """Send a form under a key; raises Unknown."""
        return self._ask("POST", path, deadline, _TRIES, data=form, headers={"Idempotency-Key": key})

    def get(self, path: str, deadline: Deadline, params: dict[str, Any], tries: int = _TRIES) -> Answer:
        """Look something up; raises Unknown."""
        return self._ask("GET", path, deadline, tries, params=params)

    def everything(
        self, path: str, deadline: Deadline, tries: int = _TRIES, **params: Any
    ) -> list[Any] | None:
        """Read all pages of a list, None where Stripe refuses; raises Unknown."""
        found: list[Any] = []
        for _ in range(20):
            answer = self.get(path, deadline, {"limit": 100, **params}, tries)
            if not answer.is_ok:
                return None
            page = answer.body.get("data") or []
            found += page
            if not answer.body.get("has_more") or not page:
                return found
            params["starting_after"] = page[-1]["id"]
        raise Unknown("the list has no end")

    def _ask(self, method: str, path: str, deadline: Deadline, tries: int, **what: Any) -> Answer:
        reason, wait_s = "no time is left", 0.0
        for number in range(tries):
            pause = max(wait_s, _FIRST_PAUSE_S * 2 ** (number - 1)) if number else 0.0
            if deadline.left() < pause + _LEAST_TRY_S:
                break
            time.sleep(pause)
            wait_s = 0.0
            try:
                reply = self._once(method, path, min(deadline.try_s, deadline.left()), **what)
                # Whoever stands before Stripe may ask for it, too, on a page that is no JSON.
                wait_s = _seconds(reply.headers.get("Retry-After"))
                body = json.loads(reply.content)
            except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
                reason = type(error).__name__
                continue
            if not _is_of_stripe(reply.status_code, body):
                reason = "no answer of Stripe's kind"
                continue
            is_replayed = reply.headers.get("Idempotent-Replayed") == "true"
            if reply.status_code < 500 and reply.status_code not in (408, 409, 425, 429):
                return Answer(reply.status_code, body, is_replayed)
            reason = f"HTTP {reply.status_code}"
            if reply.status_code >= 500 and is_replayed:
                raise Unknown(f"{reason} is stored under this key", is_stored=True, wait_s=wait_s)
        raise Unknown(reason, wait_s=wait_s)

    def _once(self, method: str, path: str, seconds: float, **what: Any) -> requests.Response:
        headers = self._headers | what.pop("headers", {})
        with _Watch(seconds), requests.Session() as session:
            session.trust_env = False
            session.mount("http://", _Adapter(max_retries=0))
            session.mount("https://", _Adapter(max_retries=0))
            return session.request(
                method, self._url + path, headers=headers, timeout=seconds, allow_redirects=False, **what
            )


def _is_of_stripe(status: int, body: Any) -> bool:
    if not isinstance(body, dict):
        return False
    if 200 <= status < 300:
        is_list = body.get("object") == "list" and isinstance(body.get("data"), list)
        return is_list or (isinstance(body.get("object"), str) and isinstance(body.get("id"), str))
    return status >= 400 and isinstance(body.get("error"), dict)


def _seconds(text: str | None) -> float:
    """Read a Retry-After: seconds, or an HTTP date; nothing that can be read is no wait."""
    if text is None or text.isdecimal():
        return float(text or 0)
    date = parsedate_tz(text)
    try:
        return max(0.0, mktime_tz(date) - time.time()) if date else 0.0
    except (ValueError, OverflowError):
        return 0.0
