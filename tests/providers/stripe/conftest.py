"""Stripe's dialect on a real loopback socket, for the unmodified SDK, without the edge and the player."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.payments.book import Book
from badgateway.payments.idempotency import InFlight, KeyStore, Mismatch, Replay
from badgateway.providers import DIALECTS
from badgateway.providers.base import Answer

KEY = "sk_test_of_these_tests"
STARTED_MS = 1_700_000_000_000


@dataclass
class Account:
    """One provider account, as a world has it."""

    clock: Clock = field(default_factory=lambda: Clock(started_ms=STARTED_MS))
    ids: Ids = field(default_factory=lambda: Ids(1, "test"))
    api_key: str = KEY
    is_strict: bool = True
    api_version: str | None = None
    page_max: int | None = None
    webhook_url: str | None = None
    webhook_hosts: frozenset[str] = frozenset()
    is_live: bool = False
    shelf: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    request_id: str = ""
    calls: int = 0
    keys: KeyStore[Answer] = field(default_factory=KeyStore)
    told: list = field(default_factory=list)  # every WireEvent, in the order in which it was made
    answers: list = field(default_factory=list)
    parsed: list = field(default_factory=list)
    made: dict = field(default_factory=dict)

    def __post_init__(self):
        self.dialect = DIALECTS["stripe"]
        self.book = Book(self.clock, self.ids, is_strict=self.is_strict)

    def serve(self, request):
        """Answer one request as a play does: keys first, then the dialect, then the webhooks."""
        self.calls += 1
        self.cause, self.request_id = f"call{self.calls}", self.ids.make("request", 14)
        parsed = self.dialect.parse(request)
        self.parsed.append(parsed)
        known = self.keys.begin(parsed.key, parsed.fingerprint, self.clock.now_ms())
        if isinstance(known, Replay):
            return self.dialect.replayed(known.stored, self)
        if isinstance(known, InFlight):
            return self.dialect.key_in_flight(self)
        if isinstance(known, Mismatch):
            return self.dialect.key_reused(parsed, self)
        answer = self.dialect.answer(parsed, self)
        self.answers.append(answer)
        self.keys.finish(parsed.key, answer, is_stored=answer.is_stored)
        self.tell()
        return answer.reply

    def act(self, command):
        """Let somebody do something who is not the integration."""
        outcome = self.book.do(command, "act:test")
        self.tell()
        return outcome

    def tell(self):
        self._tell_of_the_book()
        self.told.extend(self.dialect.news(self))
        self._tell_of_the_book()

    def _tell_of_the_book(self):
        for happening in self.book.drain():
            self.told.extend(self.dialect.events(happening, self))

    def types(self):
        """Give the wire types of all events so far, and forget them."""
        types = [event.wire_type for event in self.told]
        self.told.clear()
        return types


@pytest.fixture
def account():
    """Give a strict account."""
    return Account()


@pytest.fixture(scope="session")
def new_account():
    """Give a maker of accounts in which a payment was made and partly refunded; `made` holds their ids."""

    def make(**options):
        account = Account(**options)
        headers = (("Authorization", f"Bearer {KEY}"),)
        pay = b"amount=5000&currency=usd&payment_method=pm_card_visa&confirm=true"
        paid = json.loads(account.serve(Request("POST", "/v1/payment_intents", "", headers, pay)).body)
        back = f"payment_intent={paid['id']}&amount=5".encode()
        refund = json.loads(account.serve(Request("POST", "/v1/refunds", "", headers, back)).body)
        account.made = {"pi": paid["id"], "ch": paid["latest_charge"], "re": refund["id"]}
        return account

    return make


@pytest.fixture
def url(account):
    """Serve the account on a free port of the loopback."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            with lock:
                reply = account.serve(
                    Request(self.command, parts.path, parts.query, tuple(self.headers.items()), body)
                )
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(url):
    """Give the official SDK, without retries of its own."""
    http = stripe.RequestsClient()
    made = stripe.StripeClient(KEY, base_addresses={"api": url}, max_network_retries=0, http_client=http)
    yield made.v1
    http.close()


@pytest.fixture
def ask(account):
    """Give a plain asker: `ask("POST", "/v1/refunds", "amount=1")` gives status and decoded body."""

    def send(method, path, form="", key=None, headers=(("Authorization", f"Bearer {KEY}"),)):
        if key is not None:
            headers = (*headers, ("Idempotency-Key", key))
        if path.startswith("/v2/"):
            headers = (*headers, ("Content-Type", "application/json"))
        is_post = method == "POST"
        reply = account.serve(
            Request(method, path, "" if is_post else form, headers, form.encode() if is_post else b"")
        )
        return reply.status, json.loads(reply.body)

    return send


@pytest.fixture
def paid(client):
    """Give a maker of payments: `paid(amount=4999, card="pm_card_visa")`."""

    def pay(**changes):
        params = {
            "amount": 4999,
            "currency": "eur",
            "payment_method": changes.pop("card", "pm_card_visa"),
            "confirm": True,
            "return_url": "https://shop.example/return",
            "metadata": {"order": "o1"},
        }
        return client.payment_intents.create({**params, **changes})

    return pay
