"""A provider that keeps its state: killed without a warning, it comes back with nothing lost."""

import json
import queue
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import stripe

SERVE = (sys.executable, "-m", "badgateway", "serve", "--print-env", "--state", "state")
NUMBER, PATIENCE_S = "4000000000007726", 30
CARD = {
    "payment_method_data[type]": "card",
    "payment_method_data[card][number]": NUMBER,
    "payment_method_data[card][exp_month]": 12,
    "payment_method_data[card][exp_year]": 2034,
    "payment_method_data[card][cvc]": 987,
}
PAY = {
    "amount": 4999,
    "currency": "eur",
    "confirm": "true",
    "return_url": "https://shop.example/back",
    "metadata[later]": "b",
    "metadata[early]": "a",
    **CARD,
}
NO = {
    "amount": 700,
    "currency": "eur",
    "confirm": "true",
    "return_url": "https://shop.example/back",
    "payment_method": "pm_card_chargeDeclined",
}


class Served:
    """A server that was started with a state, and the variables that it printed."""

    def __init__(self, folder, *more):
        self.process = subprocess.Popen(
            [*SERVE, *more], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.variables = {}
        for line in self.process.stdout:
            name, _, value = line.strip().partition("=")
            self.variables[name] = value
            if len(self.variables) == 3:
                break

    def ask(self, method, path, form=None, key=None):
        """Ask as any client does; give status and body."""
        headers = {"Authorization": f"Bearer {self.variables['STRIPE_API_KEY']}"}
        headers |= {"Idempotency-Key": key} if key else {}
        data = urlencode(form or {}).encode() if method == "POST" else None
        request = Request(f"{self.variables['STRIPE_URL']}/v1/{path}", data, headers, method=method)
        try:
            with urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, answer.read()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read()

    def everything(self):
        names = ("payment_intents", "charges", "refunds", "customers", "payment_methods", "events", "balance")
        return {name: self.ask("GET", name) for name in names}


@contextmanager
def served(folder, *more):
    """Serve until the block ends, and then kill without a warning."""
    one = Served(folder, *more)
    try:
        yield one
    finally:
        one.process.send_signal(signal.SIGKILL)
        one.process.communicate()


@pytest.fixture
def port():
    """Give a port that was free a moment ago: a state is asked under one address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_a_killed_server_comes_back_with_every_object_and_key(folder, port):
    with served(folder, "--port", port) as first:
        _, answer = first.ask("POST", "payment_intents", PAY, "k1")
        paid = json.loads(answer)["id"]
        declined = first.ask("POST", "payment_intents", NO, "k2")
        first.ask("POST", "refunds", {"payment_intent": paid, "amount": 99})
        first.ask("POST", "customers", {"email": "ann@example.com"})
        before, known = first.everything(), first.variables

    with served(folder, "--port", port) as second:
        again = second.ask("POST", "payment_intents", PAY, "k1")
        declined_again = second.ask("POST", "payment_intents", NO, "k2")
        refused = second.ask("POST", "payment_intents", {**PAY, "amount": 1}, "k1")
        after = second.everything()
        refund = second.ask("POST", "refunds", {"payment_intent": paid})

    assert second.variables == known
    assert again == (200, answer)
    assert declined_again == declined
    assert declined[0] == 402
    assert json.loads(refused[1])["error"]["type"] == "idempotency_error"
    assert after == before
    assert json.loads(refund[1])["amount"] == 4900


def test_it_goes_on_from_any_number_of_kills(folder):
    ids = []
    for _ in range(3):
        with served(folder) as one:
            ids.append(
                json.loads(one.ask("POST", "payment_intents", {"amount": 500, "currency": "eur"})[1])["id"]
            )

    with served(folder) as last:
        listed = json.loads(last.ask("GET", "payment_intents")[1])

    assert [one["id"] for one in listed["data"]] == ids[::-1]


def test_a_webhook_that_was_not_answered_comes_after_the_restart(folder):
    heard, is_open = queue.Queue(), threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.put((body, self.headers["Stripe-Signature"]))
            if is_open.wait(PATIENCE_S):
                self.send_response(200)
                self.end_headers()

        def log_message(self, *_):
            pass

        def handle_one_request(self):
            try:
                super().handle_one_request()
            except OSError:  # whoever sent it was killed meanwhile
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        with served(folder, "--webhook", f"http://127.0.0.1:{server.server_port}/hook") as first:
            first.ask("POST", "payment_intents", PAY)
            before, _ = heard.get(timeout=PATIENCE_S)
        is_open.set()
        with served(folder):
            received = [heard.get(timeout=PATIENCE_S) for _ in range(3)]
    finally:
        is_open.set()
        server.shutdown()
        server.server_close()
        thread.join()

    secret = first.variables["STRIPE_WEBHOOK_SECRET"]
    events = [stripe.Webhook.construct_event(body, signature, secret) for body, signature in received]
    assert received[0][0] == before
    assert sorted(event.type for event in events) == [
        "charge.succeeded",
        "payment_intent.created",
        "payment_intent.succeeded",
    ]


def test_what_is_secret_is_not_kept(folder):
    with served(folder) as one:
        one.ask("POST", "payment_intents", PAY)
        key = one.variables["STRIPE_API_KEY"]

    kept = (folder / "state" / "journal.ndjson").read_text(encoding="utf-8")
    assert NUMBER not in kept
    assert "987" not in json.dumps([json.loads(line)["data"].get("body") for line in kept.splitlines()])
    assert key not in kept


def test_half_a_line_is_taken_off(folder):
    with served(folder) as one:
        one.ask("POST", "customers", {"email": "ann@example.com"})
    path = folder / "state" / "journal.ndjson"
    whole = path.read_bytes()
    path.write_bytes(whole + whole.splitlines()[-1][:40])

    with served(folder) as again:
        _, listed = again.ask("GET", "customers")

    assert json.loads(listed)["data"][0]["email"] == "ann@example.com"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: text.replace('"own"', '"other"'), "journal.ndjson:"),
        (lambda text: text[text.index("\n") + 1 :], "journal.ndjson:1:"),
        (lambda _: "something else\n", "journal.ndjson:1:"),
    ],
    ids=["changed", "beheaded", "no journal"],
)
def test_a_damaged_state_is_refused_by_file_and_line(folder, process, damage, told):
    with served(folder) as one:
        one.ask("POST", "customers", {"email": "ann@example.com"})
    path = folder / "state" / "journal.ndjson"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    before = path.read_bytes()

    result = process("serve", "--state", "state")

    assert result.returncode == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert path.read_bytes() == before


def test_a_state_is_served_by_one_process(folder, process):
    with served(folder):
        result = process("serve", "--state", "state")

    assert result.returncode == 3
    assert "another process" in result.stderr


def test_a_story_begins_anew_and_keeps_no_state(folder, process):
    result = process("serve", "scenarios/retries/lost_answer.yaml", "--state", "state")

    assert result.returncode == 2
    assert not (folder / "state").exists()
