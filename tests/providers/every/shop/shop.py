"""A small shop that sells through acme: enough of an integration to be put through stories."""

import base64
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

URL, KEY, SECRET = os.environ["ACME_URL"], os.environ["ACME_KEY"], bytes.fromhex(os.environ["ACME_SECRET"])
TRIES, TIMEOUT_S, TOLERANCE_S = 4, 3, 300
orders: dict[str, dict] = {}


def ask(path, body=None, once=None):
    """Ask acme, again where nobody knows what became of it; the same key makes it one request."""
    headers = {"X-Acme-Key": KEY, "Content-Type": "application/json"} | (
        {"X-Acme-Once": once} if once else {}
    )
    data = None if body is None else json.dumps(body).encode()
    for _ in range(TRIES):
        try:
            request = urllib.request.Request(URL + path, data, headers)
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            if refused.code < 500:
                return refused.code, json.loads(refused.read())
        except OSError:
            continue
    return None, {}


def learn(order):
    """Take over how acme says that an order stands."""
    status, shown = ask(f"/orders/{order['number']}")
    if status == 200:
        order |= {"state": shown["state"], "paid": shown["taken"], "back": shown["given_back"]}


def pay(told):
    order = orders.setdefault(told["order"], {"state": "OPEN", "paid": "0", "back": "0", "tries": 0})
    wanted = {
        "price": {"amount": told["amount"], "unit": told["currency"]},
        "order": told["order"],
        "take": "later" if told["capture"] == "manual" else "now",
    }
    status, made = ask("/orders", wanted, f"create-{told['order']}")
    if status != 201:
        return 502, order
    order |= {"number": made["number"], "tries": order["tries"] + 1}
    status, _ = ask(
        f"/orders/{made['number']}/pay", {"token": told["card"]}, f"{told['order']}-{order['tries']}"
    )
    learn(order)
    return {200: 200, 402: 402}.get(status, 502), order


def change(what, order, told):
    path, body, key = {
        "capture": ("take", {"amount": told.get("amount")} if told.get("amount") else {}, "take"),
        "cancel": ("drop", {}, "drop"),
        "refund": ("return", {"amount": told.get("amount")}, told.get("key")),
    }[what]
    status, _ = ask(f"/orders/{order['number']}/{path}", body, f"{key}-{order['number']}")
    learn(order)
    return 502 if status is None else 200 if status < 300 else 409


def is_genuine(headers, raw):
    moment, _, seals = headers.get("X-Acme-Seal", "").partition(";")
    text = f"{moment}~".encode() + raw + f"~{headers.get('X-Acme-Event', '')}".encode()
    wanted = base64.b64encode(hmac.new(SECRET, text, "sha512").digest()).decode()
    return wanted in seals.split(";") and abs(time.time() - int(moment)) < TOLERANCE_S


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/health":
            self.say(200, {})
            return
        order = orders.get(self.path.rpartition("/")[2])
        if order is None:
            self.say(404, {})
            return
        shown = {"status": order["state"], "paid": order["paid"], "refunded": order["back"]}
        self.say(200, shown | {"ref": order.get("number")})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
        place, *rest = self.path.strip("/").split("/")
        if place == "hook":
            self.say(*self.hear(raw))
        elif rest:
            order = orders[rest[0]]
            self.say(change(rest[1], order, json.loads(raw)), {"status": order["state"]})
        else:
            status, order = pay(json.loads(raw))
            self.say(status, {"status": order["state"]})

    def hear(self, raw):
        if not is_genuine(self.headers, raw):
            return 400, {}
        order = orders.get(json.loads(raw)["about"].get("order"))
        if order is not None and "number" in order:
            learn(order)
        return 200, {}

    def say(self, status, body):
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
