"""A small fake Stripe on a real socket, and the reference integration built in process."""

from __future__ import annotations

import csv
import io
import itertools
import json
import socket
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
import stripe

from badgateway.reference.defects import policies_with
from badgateway.reference.service import build_service
from badgateway.reference.settings import read_settings
from badgateway.reference.web import build_app

SECRET = "whsec_test_secret"
MAKES = {"payment_methods": "tokenise", "customers": "customer"}
DECLINED = {"code": "card_declined", "decline_code": "insufficient_funds"}


class FakeStripe:
    """As much of Stripe as one order needs, with idempotency, and with answers that go wrong."""

    def __init__(self):
        self.payments, self.refunds, self.disputes, self.stored = {}, {}, {}, {}
        self.payouts, self.lines = [], []  # as the provider lists them, oldest first
        self.reports, self.files, self.handed_out = [], {}, []  # the gateway's settlement reports
        self.declines = None  # with what error every payment is declined
        self.calls = []  # (operation, key, parameters)
        self.credentials = []  # of each call, as sent
        self.second_merchant = {
            "FURTHER_MERCHANTS": "second",
            "STRIPE_API_KEY_SECOND": "sk_live_2",
            "STRIPE_WEBHOOK_SECRET_SECOND": "whsec_second_secret",
        }
        self.script = defaultdict(list)  # operation -> what goes wrong, call after call
        self.arrived, self.gate = threading.Semaphore(0), None
        self._ids, self._lock = itertools.count(1), threading.Lock()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                fake.serve(self, "GET", "")

            def do_POST(self):
                fake.serve(
                    self, "POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                )

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self):
        if self.gate:
            self.gate.set()
        self.server.shutdown()
        self.server.server_close()

    def count(self, operation):
        return sum(1 for name, _, _ in self.calls if name == operation)

    def keys(self, operation):
        return [key for name, key, _ in self.calls if name == operation]

    def serve(self, handler, method, body):
        parts = urlsplit(handler.path)
        if parts.path.startswith("/settlement/reports"):
            self.hand_out(handler, parts.path.removeprefix("/settlement/reports").lstrip("/"))
            return
        params = dict(parse_qsl(body or parts.query))
        path = parts.path.removeprefix("/v1/").split("/")
        operation = self.operation(method, path)
        key = handler.headers.get("Idempotency-Key")
        with self._lock:
            self.calls.append((operation, key, params))
            self.credentials.append(handler.headers.get("Authorization"))
            wrong = self.script[operation].pop(0) if self.script[operation] else None
        self.arrived.release()
        if self.gate and operation in {"pay", "fetch"}:
            self.gate.wait(5)
        if wrong == "close_before":
            handler.close_connection = True
            return
        if isinstance(wrong, tuple):
            status, error, headers = wrong
            self.send(handler, status, error, headers)
            return
        with self._lock:
            if key and key in self.stored:
                status, answer = self.stored[key]
            else:
                status, answer = self.answer(operation, path, params)
                if key:
                    self.stored[key] = status, answer
        if wrong == "close_after":
            handler.close_connection = True
        elif wrong == "in_parts":
            self.send_in_parts(handler, json.dumps(answer).encode())
        elif wrong == "trickle":
            self.trickle(handler)
        else:
            self.send(handler, status, answer)

    def hand_out(self, handler, report):
        """Give the list of reports, or the file of one, as the gateway does."""
        self.credentials.append(handler.headers.get("Authorization"))
        self.handed_out.append(report)
        if not report:
            self.send(handler, 200, {"reports": self.reports})
            return
        status, kind, body = self.files.get(report, (404, "text/plain", b"no such report"))
        self.send(handler, status, body, {"Content-Type": kind})

    def send(self, handler, status, answer, headers=()):
        raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        handler.send_response(status)
        for name, value in dict(headers).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    def send_in_parts(self, handler, raw):
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(raw)}\r\n\r\n".encode())
        for part in (raw[:40], raw[40:]):
            threading.Event().wait(0.03)
            handler.wfile.write(part)

    def trickle(self, handler):
        stop = threading.Event()
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        try:
            for _ in range(200):
                handler.wfile.write(b" ")
                stop.wait(0.02)
        except OSError:
            handler.close_connection = True

    def operation(self, method, path):
        kind, last = path[0], path[-1]
        if kind in MAKES:
            return MAKES[kind]
        if kind == "payment_intents":
            if method == "POST":
                return "pay" if len(path) == 1 else last
            return "list" if len(path) == 1 else "fetch"
        if kind == "refunds":
            return "refund" if method == "POST" else ("list_refunds" if len(path) == 1 else "fetch_refund")
        if kind in {"payouts", "balance_transactions"}:
            return f"list_{kind}"
        return "list_disputes" if len(path) == 1 else "fetch_dispute"

    def answer(self, operation, path, params):
        if operation in MAKES.values():
            kind = path[0].removesuffix("s")
            return 200, {"id": f"{kind[:3]}_{next(self._ids)}", "object": kind, "type": "card"}
        if operation == "pay":
            return self.pay(params)
        if operation == "refund":
            return self.refund(params)
        if operation.startswith("list"):
            found = self.listed(operation, params)
            return 200, {"object": "list", "data": found[::-1], "has_more": False, "url": "/v1/x"}
        rows = {"fetch_refund": self.refunds, "fetch_dispute": self.disputes}.get(operation, self.payments)
        found = rows.get(path[1])
        if found is None:
            return 404, {
                "error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such"}
            }
        return self.changed(operation, found, params)

    def changed(self, operation, found, params):
        if operation == "increment_authorization":
            return self.raised(found, int(params["amount"]))
        if operation == "capture":
            taken = int(params.get("amount_to_capture", found["amount"]))
            self.become(found, "succeeded", taken)
        elif operation == "cancel":
            self.become(found, "canceled", 0)
        return 200, found

    def raised(self, payment, total):
        if self.declines is not None:
            return 402, {"error": {"type": "card_error", "payment_intent": dict(payment), **self.declines}}
        payment.update(amount=total, amount_capturable=total)
        return 200, dict(payment)

    def listed(self, operation, params):
        if operation in {"list_payouts", "list_balance_transactions"}:
            wanted = params.get("payout")
            return self.payouts if wanted is None else [one for one in self.lines if one["payout"] == wanted]
        kinds = {"list": self.payments, "list_refunds": self.refunds, "list_disputes": self.disputes}
        of = params.get("payment_intent")
        return [row for row in kinds[operation].values() if row.get("payment_intent") == of]

    def become(self, payment, status, received, **more):
        payment.update(status=status, amount_received=received, **more)
        if received:
            payment["latest_charge"] = self.charge(payment)

    def charge(self, payment):
        return {
            "id": "ch_" + payment["id"],
            "object": "charge",
            "amount_refunded": 0,
            "disputed": False,
            "captured": True,
            "payment_intent": payment["id"],
        }

    def pay(self, params):
        made = {
            "id": f"pi_{next(self._ids)}",
            "object": "payment_intent",
            "amount": int(params["amount"]),
            "currency": params["currency"],
            "amount_received": 0,
            "latest_charge": None,
            "last_payment_error": None,
            "next_action": None,
            "metadata": {k[9:-1]: v for k, v in params.items() if k.startswith("metadata[")},
            "payment_method": params["payment_method"],
        }
        self.payments[made["id"]] = made
        method = params["payment_method"]
        error = self.declines or (DECLINED if method == "pm_card_declined" else None)
        if error is not None:
            self.become(made, "requires_payment_method", 0, last_payment_error=error)
            return 402, {
                "error": {"type": "card_error", "message": "no", "payment_intent": dict(made), **error}
            }
        if method == "pm_action":
            self.become(
                made, "requires_action", 0, next_action={"redirect_to_url": {"url": "https://bank.test/3ds"}}
            )
        elif method == "pm_slow":
            self.become(made, "processing", 0)
        elif params["capture_method"] == "manual":
            self.become(made, "requires_capture", 0)
        else:
            self.become(made, "succeeded", made["amount"])
        return 200, json.loads(json.dumps(made))

    def refund(self, params):
        payment = self.payments[params["payment_intent"]]
        amount = int(params["amount"])
        made = {
            "id": f"re_{next(self._ids)}",
            "object": "refund",
            "amount": amount,
            "currency": payment["currency"],
            "status": "succeeded",
            "payment_intent": payment["id"],
            "metadata": {k[9:-1]: v for k, v in params.items() if k.startswith("metadata[")},
        }
        self.refunds[made["id"]] = made
        payment["latest_charge"]["amount_refunded"] += amount
        return 200, dict(made)

    def event(self, kind, thing, event_id=None):
        return {
            "id": event_id or f"evt_{next(self._ids)}",
            "object": "event",
            "type": kind,
            "data": {"object": thing},
        }


def signed(event, secret=SECRET, at=None):
    """Give the bytes of an event and the headers that Stripe's own library accepts."""
    raw = event if isinstance(event, str) else json.dumps(event, indent=2)
    header = stripe.WebhookSignature.generate_signature_header(raw, secret, at)
    return {"data": raw, "headers": {"Stripe-Signature": header}}


@pytest.fixture
def fake():
    """Give a fake Stripe on a free port."""
    made = FakeStripe()
    yield made
    made.close()


@pytest.fixture
def nowhere():
    """Give the address of a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def environment(fake, folder, **more):
    """Give the environment of the demo: waits of tens of milliseconds."""
    return {
        "STRIPE_API_BASE": fake.url,
        "STRIPE_API_KEY": "sk_test_1",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "DATABASE": str(folder / "books.sqlite"),
        "RETRY_BASE_MS": "5",
        "DATABASE_SYNCHRONOUS": "NORMAL",
        "TRIES_MAX": "3",
        "CALL_TIMEOUT_MS": "600",
        "TOTAL_DEADLINE_MS": "1800",
        "SEED": "1",
        **more,
    }


@pytest.fixture
def start(fake, tmp_path):
    """Give a function that builds the integration in process: its service, and a test client."""
    services, quiet = [], (tmp_path / "log.ndjson").open("w", encoding="utf-8")

    def make(defect=None, **more):
        settings = read_settings(environment(fake, tmp_path, **more), 1)
        service = build_service(settings, policies_with(defect))
        service.log._stream = quiet
        services.append(service)
        client = build_app(service).test_client()
        return SimpleNamespace(service=service, client=client, **conveniences(client))

    yield make
    for service in services:
        service.close()
    quiet.close()


def conveniences(client):
    """Give the few requests that every test makes."""

    def opened(reference="o1", amount="49.99", currency="EUR", capture="automatic", **more):
        shopper = {"name": "Ada Byron", "email": "ada@example.test"}
        wanted = {
            "reference": reference,
            "amount": amount,
            "currency": currency,
            "capture": capture,
            "shopper": shopper,
            **more,
        }
        assert client.post("/orders", json=wanted).status_code == 201

    def pay(reference="o1", method="pm_card_visa"):
        return client.post(f"/orders/{reference}/pay", json={"payment_method": method})

    def tell(event, to=None, **more):
        return client.post(f"/webhooks/stripe/{to}" if to else "/webhooks/stripe", **signed(event, **more))

    def view(reference="o1"):
        return client.get(f"/orders/{reference}").json

    return {"opened": opened, "pay": pay, "tell": tell, "view": view, "signed": signed}


@pytest.fixture
def paid_both_ways(fake):
    """Give a function: the shopper comes back while the webhook is worked on, and both look it up at once."""

    def race(shop):
        shop.opened()
        shop.pay(method="pm_action")
        fake.become(fake.payments["pi_1"], "succeeded", 4999)
        event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])
        fake.gate = threading.Event()
        both = [
            threading.Thread(target=shop.client.get, args=("/orders/o1/return",)),
            threading.Thread(target=shop.tell, args=(event,)),
        ]
        for one in both:
            one.start()
        while fake.count("fetch") < 2:
            assert fake.arrived.acquire(timeout=5)
        fake.gate.set()
        for one in both:
            one.join()

    return race


@pytest.fixture
def paid_one_way_after_the_other(fake):
    """Give a function: the shopper comes back, and then the webhook is worked on."""

    def follow(shop):
        shop.opened()
        shop.pay(method="pm_action")
        fake.become(fake.payments["pi_1"], "succeeded", 4999)
        shop.client.get("/orders/o1/return")
        shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    return follow


class Gateway:
    """Makes settlement reports as files, row by row; nothing of the simulator is used for it."""

    def __init__(self, fake):
        self._fake = fake
        self.url = f"{fake.url}/settlement"
        self.rows = {}

    def row(
        self,
        payment,
        gross,
        fee=0,
        kind="charge",
        source="",
        report="sr_1",
        currency="EUR",
        order="o1",
        **more,
    ):
        """Add one row to a report."""
        rows = self.rows.setdefault(report, [])
        rows.append(
            {
                "line": f"{report}_{len(rows)}",
                "kind": kind,
                "payment": payment,
                "order_reference": order,
                "source": source,
                "currency": currency,
                "gross_minor": gross,
                "fee_minor": fee,
                "net_minor": gross - fee,
                "original_minor": gross,
                "original_currency": currency,
                "exchange_rate": "",
                **more,
            }
        )
        return self

    def hand_out(
        self, total, report="sr_1", revision=1, status="ready", due_ms=0, currency="EUR", kind="text/csv"
    ):
        """List a report, and hand its file out where it is ready."""
        payout = f"po_{report[3:]}"
        cutoff_ms = int(time.time() * 1000)
        listed = {
            "id": report,
            "revision": revision,
            "status": status,
            "payout": payout,
            "currency": currency,
        }
        listed |= {"total_minor": total, "cutoff_ms": cutoff_ms, "due_ms": due_ms}
        self._fake.reports[:] = [one for one in self._fake.reports if one["id"] != report] + [listed]
        self.row("", -total, kind="payout", report=report, currency=currency, order="")
        head = {"report": report, "revision": revision, "payout": payout}
        rows = [{**head, **row} for row in self.rows.pop(report)]
        written = io.StringIO()
        table = csv.DictWriter(written, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
        body = json.dumps({"rows": rows}) if kind == "application/json" else written.getvalue()
        self._fake.files[report] = (200, kind, body.encode())


@pytest.fixture
def gateway(fake):
    """Give a gateway that hands reports out beside the fake Stripe."""
    return Gateway(fake)
