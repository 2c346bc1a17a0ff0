"""Stripe's dialect on a real loopback socket, for the unmodified SDK, without the edge and the player."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import stripe
from tests.providers.an_account import AnAccount

from badgateway.ground.message import Request

KEY = "sk_test_of_these_tests"


@dataclass
class Account(AnAccount):
    """One account at Stripe."""

    provider = "stripe"
    api_key: str = KEY
    made: dict = field(default_factory=dict)


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
