"""A small integration of the standard library: correct, except for the mood that its argument names."""

import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

MOOD = sys.argv[1] if len(sys.argv) > 1 else "well"
STRIPE, KEY = os.environ["STRIPE_URL"], os.environ["STRIPE_KEY"]
SECRET = os.environ["STRIPE_WEBHOOK_SECRET"]
GARBAGE = {
    "html": b"<html><body>It works!</body></html>",
    "broken_json": b'{"state": "pai',
    "wrong_types": b'{"state": {"of": "mind"}, "paid": "lots", "refunded": [], "currency": 7}',
    "empty": b"",
    "unmapped": b'{"state": "purple", "paid": 0}',
}
IS_LATER = MOOD in ("asynchronous", "webhook_only")
ORDERS = {}
LOCK = threading.Lock()
OPENER = build_opener(ProxyHandler({}))


def ask(method, path, form=None, key=None):
    """Ask the provider once; None: no answer, and so nobody knows."""
    headers = {"Authorization": f"Bearer {KEY}"} | ({"Idempotency-Key": key} if key else {})
    body = urlencode(form).encode() if form else None
    try:
        with OPENER.open(Request(STRIPE + path, body, headers, method=method), timeout=1) as answer:
            return json.loads(whole(answer))
    except HTTPError as refused:
        with refused:
            return json.load(refused) if refused.code == 402 else None
    except (OSError, ValueError):
        return None


def whole(answer):
    """Read an answer to its end, or give up: one that trickles in has a deadline too."""
    ends, body = time.monotonic() + 1, b""
    while piece := answer.read1(4096):
        body += piece
        if time.monotonic() > ends:
            raise TimeoutError
    return body


def believe(order, intent):
    """Take over what the provider says about its payment; an older word changes nothing that is final."""
    order["payment"] = intent.get("id")
    if intent.get("status") == "succeeded":
        order |= {"state": "paid", "paid": intent["amount_received"]}
    elif intent.get("error") and order["state"] != "paid":
        order["state"] = "failed"


def note(order, card):
    """Write down what will be asked, before it is asked."""
    if order["state"] in ("paid", "failed", "waiting"):
        return
    order["state"] = "waiting"
    order["form"] = {
        "amount": order["amount"],
        "currency": order["currency"].lower(),
        "payment_method": card,
        "confirm": "true",
        "return_url": "https://shop.example/back",
        "metadata[order]": order["reference"],
    }


def pay(order, card):
    note(order, card)
    look(order)


def look(order):
    """Send the payment, or again under the same key; a provider forgets keys, so a known one is fetched."""
    if order["state"] != "waiting":
        return
    if order["payment"]:
        intent = ask("GET", f"/v1/payment_intents/{order['payment']}")
    else:
        intent = ask("POST", "/v1/payment_intents", order["form"], order["key"])
    if intent:
        believe(order, intent)


def is_genuine(header, body):
    parts = [part.partition("=") for part in (header or "").split(",")]
    at = next((value for name, _, value in parts if name == "t"), "0")
    wanted = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    is_young = at.isdigit() and abs(time.time() - int(at)) < 300
    return is_young and any(name == "v1" and hmac.compare_digest(value, wanted) for name, _, value in parts)


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, *_):
        pass

    def say(self, status, value):
        if MOOD == "slow":
            time.sleep(0.2)
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/health":
            self.say(503 if MOOD == "never_ready" else 200, {})
        elif MOOD in GARBAGE:
            self.say(200, GARBAGE[MOOD])
        else:
            order = ORDERS.get(urlsplit(self.path).path.rpartition("/")[2])
            shown = {name: order[name] for name in ("state", "paid", "currency")} if order else {}
            self.say(200 if order else 404, shown)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/hook":
            self.hear(body)
        elif self.path == "/sync":
            with LOCK:
                for order in ORDERS.values():
                    look(order)
            self.say(200, {})
        elif MOOD == "dies":
            sys.stdout.write("the last thing that I say\n")
            sys.stdout.flush()
            os._exit(7)
        elif MOOD == "silent":
            threading.Event().wait()
        elif MOOD in GARBAGE:
            self.say(200, GARBAGE[MOOD])
        else:
            self.take(json.loads(body))

    def take(self, asked):
        fresh = {"state": "open", "paid": 0, "payment": None, "key": f"pay-{asked['reference']}"}
        order = ORDERS.setdefault(asked["reference"], asked | fresh)
        if IS_LATER:
            threading.Thread(target=self.later, args=(order, asked["card"])).start()
            self.say(202, {"state": "waiting"})
            return
        with LOCK:
            pay(order, asked["card"])
        status = {"paid": 200, "failed": 402}.get(order["state"], 202)
        self.say(status, {"state": order["state"]})

    def later(self, order, card):
        """Ask the provider and look away: only a webhook tells how it ended."""
        with LOCK:
            note(order, card)
            sent = dict(order)
        look(sent)

    def hear(self, body):
        if MOOD == "refuses_webhooks":
            self.say(500, {})
            return
        if not is_genuine(self.headers.get("Stripe-Signature"), body):
            self.say(400, {})
            return
        event = json.loads(body)
        intent = event["data"]["object"]
        order = ORDERS.get((intent.get("metadata") or {}).get("order"))
        if order and event["type"].startswith("payment_intent."):
            with LOCK:
                believe(order, intent)
        self.say(200, {})


if __name__ == "__main__":
    sys.stdout.write(f"opening in mood {MOOD}\n")
    sys.stdout.flush()
    if MOOD == "dies_at_start":
        sys.exit(7)
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Shop).serve_forever()
