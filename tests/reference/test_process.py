"""The integration as a process of its own, on real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

SECRET = "whsec_test_secret"


def ask(url, body=None, headers=None):
    """Send one request; gives the status and the JSON."""
    raw = body if isinstance(body, str | None) else json.dumps(body)
    request = urllib.request.Request(url, raw.encode() if raw else None, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, json.loads(problem.read())


@pytest.fixture
def running(fake, tmp_path):
    """Start it as its users do; gives the process and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    waits = {"RETRY_BASE_MS": "20", "CALL_TIMEOUT_MS": "1000", "TOTAL_DEADLINE_MS": "3000"}
    names = {"STRIPE_API_BASE": fake.url, "STRIPE_API_KEY": "sk_test_key", "STRIPE_WEBHOOK_SECRET": SECRET}
    environment = {**os.environ, **names, **waits, "DATABASE": str(tmp_path / "books.sqlite")}
    command = [sys.executable, "-m", "badgateway.reference", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stderr=log, stdout=log)
        base, up = f"http://127.0.0.1:{port}", None
        while up is None:
            assert process.poll() is None, (tmp_path / "log").read_text()
            try:
                up = ask(f"{base}/health")
            except OSError:
                continue
        yield process, base, tmp_path / "log"
        process.kill()
        process.wait()


def test_it_pays_takes_a_webhook_and_shows_the_order(fake, running, request):
    process, base, log = running
    order = {
        "reference": "o1",
        "amount": "10.00",
        "currency": "EUR",
        "shopper": {"name": "Ada", "email": "a@b.test"},
    }
    opened = ask(f"{base}/orders", order)

    paid = ask(f"{base}/orders/o1/pay", {"payment_method": "pm_card_visa"})
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert (opened[0], paid[0], paid[1]["status"]) == (201, 200, "PAID")
    assert "sk_test_key" not in log.read_text()
    assert "a@b.test" not in log.read_text()
    assert [json.loads(line)["what"] for line in log.read_text().splitlines()].count("order_status") == 2


def test_metrics_are_prometheus_text(running):
    _, base, _ = running
    ask(f"{base}/webhooks/stripe", "{}", {"Content-Type": "application/json"})

    with urllib.request.urlopen(f"{base}/metrics", timeout=10) as answer:
        text = answer.read().decode()

    assert 'integration_webhooks_total{kind="?",result="refused"} 1.0' in text


def test_a_missing_setting_is_one_sentence(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "STRIPE_API_KEY"}
    done = subprocess.run(
        [sys.executable, "-m", "badgateway.reference", "--port", "1"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (2, "STRIPE_API_KEY is not set\n")


def test_a_missing_extra_is_one_sentence():
    blocked = (
        "import sys, importlib.util as u; f = u.find_spec; "
        "u.find_spec = lambda n, *a: None if n == 'stripe' else f(n, *a)"
    )
    start = "; from badgateway.reference.__main__ import main; sys.exit(main([]))"
    done = subprocess.run(
        [sys.executable, "-c", blocked + start], capture_output=True, text=True, check=False
    )

    assert done.returncode == 3
    assert done.stderr == "The reference integration needs stripe: pip install 'badgateway[demo]'\n"
