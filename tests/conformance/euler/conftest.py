"""The simulated Euler as users start it, and a client that knows no more of it than its pages say."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from tests.conformance.driving import free_port, served


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


def fetch(
    method: str, url: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> Answered:
    """Send one request, and follow nothing."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return Answered(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Client:
    """A merchant's server."""

    url: str
    key: str
    merchant: str

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answered:
        pair = base64.b64encode(f"{self.key}:".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "x-merchantid": self.merchant,
            "version": "2025-01-10",
            "x-routing-id": "shopper1",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return fetch(method, self.url + path, headers, urlencode(form).encode() if form is not None else None)


@pytest.fixture
def shop_port():
    """Give a free port for the shop."""
    return free_port()


@pytest.fixture
def variables(tmp_path, shop_port):
    """Serve Euler, which tells the shop what happens; give what was printed."""
    with served("euler", tmp_path, f"http://127.0.0.1:{shop_port}/webhooks/euler/main") as printed:
        yield printed


@pytest.fixture
def client(variables):
    """Give a merchant's server."""
    return Client(variables["EULER_URL"], variables["EULER_API_KEY"], variables["EULER_MERCHANT_ID"])
