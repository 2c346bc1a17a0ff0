"""Adyen, Euler and declared providers that keep their state: killed, they come back with nothing lost."""

import base64
import json
import queue
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from tests.cli.test_serve import serving

NUMBER, PATIENCE_S = "4212345678910006", 30


class Client:
    """What a shop says to each of them; every one answers with JSON."""

    def __init__(self, provider, variables):
        self.provider, self.variables = provider, variables
        self.headers = {"Content-Type": "application/json"}
        key = variables[f"{provider.upper()}_API_KEY"]
        if provider == "adyen":
            self.headers |= {"X-API-Key": key}
        elif provider == "euler":
            basic = base64.b64encode(f"{key}:".encode()).decode()
            self.headers |= {
                "Authorization": f"Basic {basic}",
                "x-merchantid": variables["EULER_MERCHANT_ID"],
            }
        else:
            self.headers |= {"Authorization": f"Bearer {key}"}

    def ask(self, method, path, body=None, key=None):
        once = {"adyen": "Idempotency-Key", "checkout": "Cko-Idempotency-Key"}.get(self.provider)
        headers = self.headers | ({once: key} if key and once else {})
        url = self.variables[f"{self.provider.upper()}_URL"] + path
        data = json.dumps(body).encode() if body is not None else None
        try:
            with urlopen(Request(url, data, headers, method=method), timeout=PATIENCE_S) as answer:
                return answer.status, answer.read()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read()

    def pay(self, amount=4999, key="key-1"):
        if self.provider == "adyen":
            card = {"type": "scheme", "number": "4111111111111111", "expiryMonth": "03", "expiryYear": "2030",
                    "cvc": "737"}  # fmt: skip
            body = {"merchantAccount": self.variables["ADYEN_MERCHANT_ACCOUNT"], "reference": "o1",
                    "amount": {"value": amount, "currency": "EUR"}, "paymentMethod": card,
                    "returnUrl": "https://shop.example/"}  # fmt: skip
            return self.ask("POST", "/v71/payments", body, key)
        if self.provider == "euler":
            body = {"order": {"order_id": "o1", "amount": f"{amount / 100:.2f}", "currency": "EUR"},
                    "payment_method_type": "CARD", "card_number": "4242424242424242",
                    "card_security_code": "987", "format": "json"}  # fmt: skip
            return self.ask("POST", "/txns", body)
        body = {"amount": amount, "currency": "EUR", "reference": "o1", "source": {"token": "tok_approved"}}
        return self.ask("POST", "/payments", body, key)

    def refund(self, paid):
        if self.provider == "adyen":
            body = {"merchantAccount": self.variables["ADYEN_MERCHANT_ACCOUNT"],
                    "amount": {"value": 99, "currency": "EUR"}}  # fmt: skip
            return self.ask("POST", f"/v71/payments/{paid['pspReference']}/refunds", body, "key-2")
        if self.provider == "euler":
            return self.ask("POST", "/orders/o1/refunds", {"unique_request_id": "r1", "amount": "0.99"})
        return self.ask("POST", f"/payments/{paid['id']}/refunds", {"amount": 99}, "key-2")


@contextmanager
def served(folder, provider, *more):
    """Serve with a state until the block ends, and then kill without a warning; gives what was printed."""
    with serving(folder, "--state", "state", *more) as (_, variables):
        yield Client(provider, variables)


@pytest.fixture
def port():
    """Give a port that was free a moment ago: a state is asked under one address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@pytest.fixture
def hook():
    """Give an address that takes no webhook until it is opened, what it heard, and its opener."""
    heard, is_open = queue.Queue(), threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.put((self.rfile.read(int(self.headers["Content-Length"])), is_open.is_set()))
            self.send_response(200 if is_open.is_set() else 500)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard, is_open
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("provider", ["adyen", "euler", "checkout"])
def test_a_killed_server_comes_back_with_every_object_and_key(folder, port, provider):
    with served(folder, provider, "--provider", provider, "--port", port) as first:
        status, answer = first.pay()
        paid = json.loads(answer)
        refunded = first.refund(paid)
        order = first.ask("GET", "/orders/o1") if provider == "euler" else None

    with served(folder, provider, "--port", port) as second:
        again = second.pay()
        other = second.pay(5000)
        refunded_again = second.refund(paid)
        order_again = second.ask("GET", "/orders/o1") if provider == "euler" else None

    assert (status // 100, refunded[0] // 100) == (2, 2)
    assert second.variables == first.variables
    if provider == "euler":
        assert (again[0], json.loads(again[1])["error_code"]) == (400, "duplicate.order_id")
        assert order_again == order
        assert json.loads(order[1])["amount_refunded"] == 0.99
    else:
        assert again[1] == answer
        assert refunded_again[1] == refunded[1]
        assert other[0] == (422 if provider == "adyen" else 202)


def test_a_notification_that_was_not_taken_comes_after_the_restart(folder, hook):
    address, heard, is_open = hook
    with served(folder, "adyen", "--provider", "adyen", "--webhook", address) as first:
        first.pay()
        before, was_open = heard.get(timeout=PATIENCE_S)
    is_open.set()
    with served(folder, "adyen"):
        bodies = []
        while not bodies or json.loads(bodies[-1]) != json.loads(before):
            bodies.append(heard.get(timeout=PATIENCE_S)[0])

    assert not was_open
    item = json.loads(before)["notificationItems"][0]["NotificationRequestItem"]
    assert (item["eventCode"], item["success"]) == ("AUTHORISATION", "true")
    assert len(item["additionalData"]["hmacSignature"]) > 20


@pytest.mark.parametrize("provider", ["adyen", "euler"])
def test_what_is_secret_is_not_kept(folder, provider):
    with served(folder, provider, "--provider", provider) as one:
        one.pay()
        key = one.variables[f"{provider.upper()}_API_KEY"]

    kept = (folder / "state" / "journal.ndjson").read_text(encoding="utf-8")
    assert "call.committed" in kept
    bodies = json.dumps([json.loads(line)["data"].get("body") for line in kept.splitlines()])
    secret = ("4111111111111111", "4242424242424242", "737", "987", key)
    assert [word for word in secret if word in bodies] == []
    assert key not in kept


def test_a_state_of_another_provider_says_whose_it_is(folder, process):
    with served(folder, "euler", "--provider", "euler") as one:
        one.pay()

    result = process("serve", "--state", "state", "--provider", "adyen")

    assert result.returncode == 2
    assert "this state is of euler, not of adyen" in result.stderr
