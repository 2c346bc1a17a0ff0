"""A small shop that has api.stripe.com written down: it pays, refunds, and hears of it by webhook."""

import contextlib
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

BASE = (
    os.environ.get("STRIPE_API_BASE", "https://api.stripe.com")
    if "env" in sys.argv
    else "https://api.stripe.com"
)
KEY, SECRET = os.environ["STRIPE_API_KEY"], os.environ["STRIPE_WEBHOOK_SECRET"].encode()
ORDERS: dict[str, dict] = {}
SEEN: set[str] = set()
LOCK = threading.Lock()


def by_sdk(path, fields, key):
    import stripe  # noqa: PLC0415 - only this way needs it

    stripe.api_key, stripe.api_base = KEY, BASE
    call = stripe.Refund.create if path == "refunds" else stripe.PaymentIntent.create
    return call(**fields, idempotency_key=key).to_dict()


def by_requests(path, fields, key):
    import requests  # noqa: PLC0415 - only this way needs it

    sent = requests.post(
        f"{BASE}/v1/{path}", data=flat(fields), auth=(KEY, ""), headers={"Idempotency-Key": key}, timeout=10
    )
    return sent.json()


def by_curl(path, fields, key):
    command = ["curl", "-sS", "--max-time", "10", "-u", f"{KEY}:", "-H", f"Idempotency-Key: {key}"]
    command += ["-d", urlencode(flat(fields)), f"{BASE}/v1/{path}"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def flat(fields):
    made = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            made.update({f"{name}[{inner}]": text for inner, text in value.items()})
        else:
            made[name] = str(value).lower() if isinstance(value, bool) else value
    return made


CALL = {"sdk": by_sdk, "requests": by_requests, "curl": by_curl}[sys.argv[1]]


def phone_home():
    """Tell a stranger, as some programs do; whatever comes of it is of no interest."""
    import requests  # noqa: PLC0415 - only this way needs it

    with contextlib.suppress(requests.RequestException):
        requests.post("https://metrics.example.com/shop", json={"sold": 1}, timeout=5)


def pay(reference, asked):
    order = ORDERS.setdefault(reference, {"status": "PENDING", "paid": 0, "refunded": 0, "shipped": 0})
    intent = CALL(
        "payment_intents",
        {
            "amount": asked["amount"],
            "currency": asked["currency"].lower(),
            "payment_method": asked["payment_method"],
            "confirm": True,
            "metadata": {"order": reference},
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        },
        f"{reference}-pay",
    )
    order["intent"], order["currency"] = intent["id"], asked["currency"]
    if "curious" in sys.argv:
        phone_home()
    return order


def refund(reference, asked):
    order = ORDERS[reference]
    CALL(
        "refunds",
        {"payment_intent": order["intent"], "amount": asked["amount"]},
        f"{reference}-{asked['reference']}",
    )
    return order


def hear(body, header):
    """Believe a signed event once: what was paid and given back stands in its object."""
    parts = [part.split("=", 1) for part in header.split(",")]
    moment = dict(parts)["t"]
    good = hmac.new(SECRET, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    if not any(name == "v1" and hmac.compare_digest(value, good) for name, value in parts):
        return 400
    event = json.loads(body)
    about = event["data"]["object"]
    order = ORDERS.get(about.get("metadata", {}).get("order", "")) or next(
        (one for one in ORDERS.values() if one.get("intent") == about.get("payment_intent")), None
    )
    with LOCK:
        if order is None or event["id"] in SEEN:
            return 200
        SEEN.add(event["id"])
        if event["type"] == "payment_intent.succeeded":
            order["paid"], order["status"] = about["amount_received"], "PAID"
            order["shipped"] += 1
        if event["type"] == "charge.refunded":
            order["refunded"] = about["amount_refunded"]
            is_all = about["amount_refunded"] == about["amount"]
            order["status"] = "REFUNDED" if is_all else "PARTIALLY_REFUNDED"
    return 200


class Door(BaseHTTPRequestHandler):
    """Speaks HTTP for the shop."""

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        self.say(
            200, ORDERS.get(self.path.rpartition("/")[2], {"status": "UNPAID", "paid": 0, "refunded": 0})
        )

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _, first, *rest = self.path.split("/")
        if first == "webhooks":
            self.say(hear(body, self.headers["Stripe-Signature"]), {})
        else:
            self.say(200, {"pay": pay, "refunds": refund}[rest[1]](rest[0], json.loads(body)))

    def say(self, status, data):
        told = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Door).serve_forever()
