"""Making a served provider send an event."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.cli.test_serve import serving

from badgateway.providers.stripe.triggers import TRIGGERS

PATIENCE_S = 20


@pytest.fixture
def inbox():
    """Listen for webhooks; give the address and a queue of their bodies."""
    heard: queue.Queue = queue.Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_event_that_is_listed_is_made_and_delivered(badgateway, folder, inbox, monkeypatch):
    address, heard = inbox
    listed = badgateway("trigger", "--list").stdout.split()
    made = {}
    with serving(folder, "--webhook", address) as (_, variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for name in listed:
            result = badgateway("trigger", name)
            assert (result.exit_code, result.stderr) == (0, ""), name
            made[name] = result.stdout.strip()
        told = {}
        while not set(made.values()) <= set(told):
            event = heard.get(timeout=PATIENCE_S)
            told[event["id"]] = event["type"]

    assert listed == list(TRIGGERS)
    assert {told[event]: event for event in made.values()} == made


@pytest.mark.parametrize(
    ("provider", "event", "place"),
    [
        ("adyen", "CHARGEBACK", "eventCode"),
        ("euler", "ORDER_SUCCEEDED", "event_name"),
        ("checkout", "payment_captured", "type"),
    ],
)
def test_an_event_of_another_provider_is_made_and_delivered(
    badgateway, folder, inbox, monkeypatch, provider, event, place
):
    address, heard = inbox
    with serving(folder, "--provider", provider, "--webhook", address) as (_, variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        result = badgateway("trigger", event)
        there = variables[f"{provider.upper()}_URL"]
        key = ("--api-key", variables[f"{provider.upper()}_API_KEY"])
        by_address = badgateway("trigger", event, "--url", there, *key)
        told = []
        while told.count(event) < 2:
            told += words(heard.get(timeout=PATIENCE_S), place)
        wrong = badgateway("trigger", event, "--api-key", "sk_test_of_nobody")

    assert (result.exit_code, result.stderr) == (0, "")
    assert (by_address.exit_code, by_address.stderr) == (0, "")
    assert result.stdout != by_address.stdout
    assert wrong.exit_code == 3
    assert "API key of a served account" in wrong.stderr


def words(body, place):
    """Give the events of a webhook in the provider's words."""
    items = body.get("notificationItems")
    return [body[place]] if items is None else [one["NotificationRequestItem"][place] for one in items]


@pytest.mark.parametrize(
    ("provider", "event", "nearest"),
    [
        ("stripe", "payment_intent.succeded", "payment_intent.succeeded"),
        ("adyen", "CHARGEBAK", "CHARGEBACK"),
        ("euler", "ORDER_SUCEEDED", "ORDER_SUCCEEDED"),
        ("checkout", "payment_capture", "payment_captured"),
    ],
)
def test_an_unknown_event_gets_the_nearest_one(badgateway, provider, event, nearest):
    result = badgateway("trigger", event, "--provider", provider)

    assert result.exit_code == 2
    assert f"did you mean {nearest!r}?" in result.stderr


def test_an_event_of_another_provider_names_that_provider(badgateway):
    result = badgateway("trigger", "AUTHORISATION", "--provider", "stripe")

    assert result.exit_code == 2
    assert "'AUTHORISATION' is no event of stripe's, but of adyen's: say --provider" in result.stderr


def test_the_events_of_a_provider_are_listed(badgateway):
    result = badgateway("trigger", "--list", "--provider", "euler")

    assert "CHARGEBACK_RECEIVED" in result.stdout.split()


def test_two_addresses_in_the_shell_want_to_be_told_apart(badgateway, monkeypatch):
    monkeypatch.setenv("ADYEN_URL", "http://127.0.0.1:9/adyen")
    monkeypatch.setenv("EULER_URL", "http://127.0.0.1:9/euler")

    result = badgateway("trigger", "CHARGEBACK")

    assert result.exit_code == 2
    assert "say --provider: the shell has the addresses of adyen, euler" in result.stderr


def test_a_card_is_not_for_the_events_of_stripe(badgateway):
    named = ("--url", "http://127.0.0.1:9", "--api-key", "sk_test_1")
    result = badgateway("trigger", "charge.failed", "--card", "declined", *named)

    assert result.exit_code == 2
    assert "--card is not for Stripe" in result.stderr


def test_what_is_not_said_is_asked_for(badgateway, monkeypatch):
    monkeypatch.delenv("STRIPE_URL", raising=False)
    monkeypatch.delenv("STRIPE_API_KEY", raising=False)

    named = badgateway("trigger", "charge.failed")
    nothing = badgateway("trigger")

    assert (named.exit_code, nothing.exit_code) == (2, 2)
    assert "--api-key" in named.stderr
    assert "--list" in nothing.stderr


def test_nobody_there_and_a_wrong_key_are_the_environments_fault(badgateway, folder):
    with serving(folder) as (_, variables):
        there = ("--url", variables["STRIPE_URL"])
        wrong = badgateway("trigger", "charge.failed", *there, "--api-key", "sk_test_of_nobody")
    nobody = badgateway("trigger", "charge.failed", *there, "--api-key", "sk_test_of_nobody")

    assert (wrong.exit_code, nobody.exit_code) == (3, 3)
    assert "Invalid API Key" in wrong.stderr
    assert "connection refused" in nobody.stderr
