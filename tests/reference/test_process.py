"""The integration as a process of its own, on real sockets."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
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


def first_answer(url, process):
    """Ask until somebody answers; fails where the process has ended."""
    pause = threading.Event()
    while process.poll() is None:
        try:
            return ask(url)
        except OSError:
            pause.wait(0.02)
    raise AssertionError(process.returncode)


@pytest.fixture
def launch(fake, tmp_path):
    """Give a function that starts the integration as its users do: its process, its address and its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    waits = {"RETRY_BASE_MS": "20", "CALL_TIMEOUT_MS": "1000", "TOTAL_DEADLINE_MS": "3000"}
    names = {"STRIPE_API_BASE": fake.url, "STRIPE_API_KEY": "sk_test_key", "STRIPE_WEBHOOK_SECRET": SECRET}
    environment = {**os.environ, **names, **waits, "DATABASE": str(tmp_path / "books.sqlite")}
    command = [sys.executable, "-m", "badgateway.reference", "--port", str(port)]
    processes, base = [], f"http://127.0.0.1:{port}"
    with (tmp_path / "log").open("w") as log:

        def start():
            processes.append(subprocess.Popen(command, env=environment, stderr=log, stdout=log))
            first_answer(f"{base}/health", processes[-1])
            return processes[-1], base, tmp_path / "log"

        yield start
        for process in processes:
            process.kill()
            process.wait()


def test_it_pays_and_logs_nothing_sensitive(launch):
    process, base, log = launch()
    order = {
        "reference": "o1",
        "amount": "10.00",
        "currency": "EUR",
        "shopper": {"name": "Ada", "email": "a@b.test"},
    }
    opened = ask(f"{base}/orders", order)

    paid = ask(f"{base}/orders/o1/pay", {"payment_method": "pm_card_visa"})
    process.kill()
    process.wait()

    assert (opened[0], paid[0], paid[1]["status"]) == (201, 200, "PAID")
    assert "sk_test_key" not in log.read_text()
    assert "a@b.test" not in log.read_text()
    assert [json.loads(line)["what"] for line in log.read_text().splitlines()].count("order_status") == 2


def test_metrics_are_prometheus_text(launch):
    _, base, _ = launch()
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


def test_what_was_known_before_a_kill_is_known_after_it(launch):
    process, base, _ = launch()
    order = {
        "reference": "o1",
        "amount": "10.00",
        "currency": "EUR",
        "shopper": {"name": "Ada", "email": "a@b.test"},
    }
    ask(f"{base}/orders", order)
    ask(f"{base}/orders/o1/pay", {"payment_method": "pm_card_visa"})
    before = ask(f"{base}/orders/o1")

    process.kill()
    process.wait()
    launch()

    assert before[1]["status"] == "PAID"
    assert ask(f"{base}/orders/o1") == before
