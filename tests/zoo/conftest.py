"""A tiny Stripe over real sockets, and the bookshop as a process that asks it."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

SHOP = Path(__file__).parent / "bookshop"
KEY = "sk_test_never_shown"


class TinyStripe:
    """Intents, refunds and idempotency keys; what goes wrong next is said per kind of call."""

    def __init__(self):
        self.intents, self.refunds, self.disputes, self.stored = {}, [], [], {}
        self.calls, self.wrong = [], {}
        self.lock = threading.Lock()

    def goes_wrong(self, kind, *how):
        """Say how the next calls of a kind go wrong: lose, drop, 500, stored 500, trickle, later WHEN."""
        self.wrong[kind] = list(how)

    def keys(self, kind):
        return [key for what, key, _ in self.calls if what == kind]

    def forms(self, kind):
        return [form for what, _, form in self.calls if what == kind]

    def captured(self):
        return sum(intent["amount_received"] for intent in self.intents.values())

    def serve(self, method, path, form, key):
        """Give (how it goes wrong, status, body, is_replayed)."""
        parts = path.strip("/").split("/")[1:]
        kind = parts[2] if len(parts) > 2 else parts[0][:-1] if method == "POST" else f"get {parts[0]}"
        with self.lock:
            self.calls.append((kind, key, form))
            wrong = self.wrong.get(kind) or []
            how = wrong.pop(0) if wrong else None
            if how is not None and how.startswith(("drop", "500", "later")):
                return how, 500, {"error": {"type": "api_error"}}, False
            if key in self.stored:
                return (how, *self.stored[key], True)
            status, body = (500, {"error": {}}) if how == "stored 500" else self.act(kind, parts, form)
            if key:
                self.stored[key] = (status, json.loads(json.dumps(body)))
            return how, status, json.loads(json.dumps(body)), False

    def act(self, kind, parts, form):
        intent = self.intents.get(parts[1] if len(parts) > 1 else form.get("payment_intent"))
        acts = {
            "payment_intent": lambda: self.create(form),
            "confirm": lambda: self.confirm(intent, form),
            "capture": lambda: self.finish(intent, kind, form),
            "cancel": lambda: self.finish(intent, kind, form),
            "refund": lambda: self.refund(intent, form),
            "get refunds": lambda: self.listed(
                [one for one in self.refunds if one["payment_intent"] == intent["id"]]
            ),
            "get disputes": lambda: self.listed(self.disputes),
            "get payment_intents": lambda: (200, intent),
        }
        return acts[kind]()

    def listed(self, data):
        return 200, {"object": "list", "data": data, "has_more": False}

    def create(self, form):
        made = {
            "id": f"pi_{len(self.intents)}",
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "currency": form["currency"],
            "capture_method": form["capture_method"],
            "amount_received": 0,
            "status": "requires_payment_method",
            "latest_charge": None,
            "last_payment_error": None,
            "metadata": {"basket": form["metadata[basket]"]},
        }
        self.intents[made["id"]] = made
        return 200, made

    def confirm(self, intent, form):
        if intent["status"] != "requires_payment_method":
            return 400, {"error": {"code": "payment_intent_unexpected_state"}}
        if "authentication" in form["payment_method"]:
            page = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.example/page"}}
            intent |= {"status": "requires_action", "next_action": page}
            return 200, intent
        is_declined = "Declined" in form["payment_method"]
        charge = {"id": f"ch_{len(self.stored)}", "status": "failed" if is_declined else "succeeded"}
        intent["latest_charge"] = charge | {"disputed": False}
        if is_declined:
            intent["last_payment_error"] = {"code": "card_declined"}
            return 402, {"error": {"code": "card_declined", "charge": charge["id"], "payment_intent": intent}}
        is_held = intent["capture_method"] == "manual"
        intent["status"] = "requires_capture" if is_held else "succeeded"
        intent["amount_received"] = 0 if is_held else intent["amount"]
        return 200, intent

    def finish(self, intent, kind, form):
        if intent["status"] in ("succeeded", "canceled"):
            return 400, {"error": {"code": "payment_intent_unexpected_state"}}
        intent["status"] = "succeeded" if kind == "capture" else "canceled"
        intent["amount_received"] = int(form["amount_to_capture"]) if kind == "capture" else 0
        return 200, intent

    def refund(self, intent, form):
        made = {
            "id": f"re_{len(self.refunds)}",
            "object": "refund",
            "payment_intent": intent["id"],
            "amount": int(form["amount"]),
            "status": "succeeded",
            "metadata": {"receipt": form.get("metadata[receipt]")},
        }
        self.refunds.append(made)
        return 200, made


class Handler(BaseHTTPRequestHandler):
    stripe: TinyStripe
    over: threading.Event

    def do_GET(self):
        assert self.headers["Authorization"] == f"Bearer {KEY}"
        where = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = dict(parse_qsl(body or where.query))
        key = self.headers.get("Idempotency-Key")
        how, status, shown, is_replayed = self.stripe.serve(self.command, where.path, form, key)
        self.close_connection = True
        if how in ("lose", "drop"):
            return
        body = json.dumps(shown)
        more = "Idempotent-Replayed: true\r\n" if is_replayed else ""
        if how is not None and how.startswith("later"):
            # A proxy before Stripe says so, on a page of its own.
            status, body, more = 503, "<html></html>", f"Retry-After: {how.removeprefix('later ')}\r\n"
        raw = f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\n{more}\r\n{body}".encode()
        if how != "trickle":
            self.wfile.write(raw)
            return
        try:
            for byte in raw:
                self.wfile.write(bytes([byte]))
                if self.over.wait(0.02):
                    return
        except OSError:
            return  # The shop hung up, as it should.

    do_POST = do_GET  # noqa: N815 - as above

    def log_message(self, *_):
        pass


class Shop:
    """The bookshop as a process of its own."""

    def __init__(self, stripe_url, folder):
        self.stripe_url, self.folder, self.process = stripe_url, folder, None
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def open(self):
        env = {
            "STRIPE_URL": self.stripe_url,
            "STRIPE_KEY": KEY,
            "BOOKSHOP_FILE": str(self.folder / "shop.sqlite"),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(SHOP / "app.py"), "--port", str(self.port)],
            env=env,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert "open" in self.process.stderr.readline()

    def kill(self):
        self.process.kill()
        return self.process.communicate()[1]

    def ask(self, method, path, **body):
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, self.url + path, json=body or None, timeout=5)
        return answer.status_code, answer.json()

    def put(self, ref="b1", price="49.99", currency="EUR", take="automatic"):
        assert self.ask("PUT", f"/baskets/{ref}", price=price, currency=currency, take=take)[0] == 200

    def post(self, doing, ref="b1", **body):
        return self.ask("POST", f"/baskets/{ref}/{doing}", **body)

    def pay(self, ref="b1", card="pm_card_visa"):
        return self.post("checkout", ref, card=card)

    def reconcile(self):
        return self.ask("POST", "/admin/reconcile")[1]

    def view(self, ref="b1"):
        return self.ask("GET", f"/baskets/{ref}")[1]


@pytest.fixture(scope="module")
def handler():
    over = threading.Event()
    made = type("TinyHandler", (Handler,), {"over": over})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def stripe(handler):
    """Give a Stripe that nobody has asked anything yet."""
    handler.stripe = TinyStripe()
    return handler.stripe


@pytest.fixture(scope="module")
def open_shop(handler, tmp_path_factory):
    """Give one process for all tests of a file: starting it takes longer than they do."""
    bookshop = Shop(handler.url, tmp_path_factory.mktemp("bookshop"))
    bookshop.open()
    yield bookshop
    assert KEY not in bookshop.kill()


@pytest.fixture
def shop(open_shop, stripe):
    """Give a shop whose books are empty."""
    with closing(sqlite3.connect(open_shop.folder / "shop.sqlite")) as books, books:
        for table in ("baskets", "letters", "refunds", "parcels"):
            books.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    return open_shop
