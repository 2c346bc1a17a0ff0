"""Euler over real HTTP: a raw client's whole life of an order, and a shopper's walk through its pages."""

import os
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from tests.conformance.euler.conftest import fetch

WAIT_S = 30


@pytest.fixture
def inbox(shop_port):
    """Take webhooks in on the shop's port; `until(word)` waits for one."""
    heard, words = [], {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), body))
            for word, event in words.items():
                if word in body:
                    event.set()
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", shop_port), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()

    def until(word):
        event = words.setdefault(word, Event())
        if any(word in body for _, body in heard):
            event.set()
        assert event.wait(WAIT_S), word
        return next(one for one in heard if word in one[1])

    yield until
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def running_shop(port, variables, folder):
    """Run the reference integration over Euler as its users do."""
    environment = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME"} or "PYTHON" in name},
        "PROVIDER": "euler",
        "EULER_API_BASE": variables["EULER_URL"],
        "EULER_API_KEY": variables["EULER_API_KEY"],
        "EULER_WEBHOOK_SECRET": f"{variables['EULER_WEBHOOK_USER']}:{variables['EULER_WEBHOOK_SECRET']}",
        "EULER_MERCHANT_ACCOUNT": variables["EULER_MERCHANT_ID"],
        "EULER_RESPONSE_KEY": variables["EULER_RESPONSE_KEY"],
        "DATABASE": str(folder / "books.sqlite"),
    }
    command = [sys.executable, "-m", "badgateway.reference", "--port", str(port)]
    with (folder / "log").open("w") as log:
        shop = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield first_answer(f"http://127.0.0.1:{port}", shop)
        finally:
            shop.kill()
            shop.wait()


def first_answer(url, process):
    """Ask until somebody answers; fails where the process has ended."""
    pause = Event()
    while process.poll() is None:
        try:
            assert fetch("GET", f"{url}/health").status == 200
        except OSError:
            pause.wait(0.02)
        else:
            return url
    raise AssertionError(process.returncode)


def test_a_raw_client_lives_through_the_life_of_an_order(client, inbox):
    order = {"order_id": "book7", "amount": "49.99", "currency": "EUR", "metadata.txns.auto_capture": "false"}
    card = {"order_id": "book7", "payment_method_type": "CARD", "format": "json"}

    assert client.ask("POST", "/orders", order).json()["status"] == "NEW"
    assert client.ask("POST", "/orders", {**order, "amount": "50"}).status == 400
    declined = client.ask("POST", "/txns", {**card, "card_token": "tkn_declined"})
    assert (declined.status, declined.json()["status"]) == (200, "AUTHORIZATION_FAILED")
    held = client.ask("POST", "/txns", {**card, "card_number": "4242424242424242"}).json()
    assert held["status"] == "AUTHORIZED"
    taken = client.ask("POST", f"/v2/txns/{held['txn_uuid']}/capture", {"idempotence_key": "k1"})
    assert taken.json()["status"] == "CHARGED"
    back = {"unique_request_id": "back1", "amount": "10.00"}
    assert client.ask("POST", "/orders/book7/refunds", back).json()["refunds"][0]["status"] == "PENDING"
    assert client.ask("POST", "/orders/book7/refunds", back).json()["error_code"] == "duplicate.call"

    shown = client.ask("GET", "/orders/book7").json()
    assert (shown["status"], shown["amount_refunded"], len(shown["txn_list"])) == ("CHARGED", 10, 2)
    headers, _ = inbox(b'"event_name":"ORDER_REFUNDED"')
    assert headers["Authorization"].startswith("Basic ")
    for word in (b"ORDER_CREATED", b"ORDER_FAILED", b"ORDER_AUTHORIZED", b"ORDER_SUCCEEDED"):
        inbox(b'"event_name":"' + word)


def test_a_shopper_walks_through_the_banks_page_and_back_to_the_shop(variables, shop_port, tmp_path):
    with running_shop(shop_port, variables, tmp_path) as shop:
        order = {"reference": "book8", "amount": "49.99", "currency": "EUR"}
        order |= {"shopper": {"name": "Ada", "email": "ada@example.com"}}
        said = {"Content-Type": "application/json"}
        fetch("POST", f"{shop}/orders", said, str(order).replace("'", '"').encode())
        pay = b'{"payment_method": "tkn_authentication_required"}'
        waiting = fetch("POST", f"{shop}/orders/book8/pay", said, pay).json()
        page = waiting["redirect_url"]
        asked = fetch("GET", page)
        sent_back = fetch("POST", page, {"Content-Type": "application/x-www-form-urlencoded"}, b"result=pass")
        where = sent_back.headers["location"]
        altered = fetch("GET", where.replace("status=CHARGED", "status=NEW"))
        home = fetch("GET", where)

    assert (waiting["status"], asked.status) == ("PENDING", 200)
    assert where.startswith(f"{shop}/orders/book8/return?order_id=book8A1&status=CHARGED")
    assert altered.status == 400
    assert (home.status, home.json()["status"]) == (200, "PAID")
