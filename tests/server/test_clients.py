"""What the usual clients make of each fault: the errors that a real network would give them."""

from __future__ import annotations

import http.client
from time import perf_counter

import pytest
import requests
import stripe

from badgateway.faults.base import AFTER_COMMIT, BEFORE_COMMIT
from badgateway.faults.close import Close
from badgateway.faults.cut import Cut
from badgateway.faults.hold import Hold
from badgateway.faults.reply import Reply
from badgateway.faults.reset import Reset
from badgateway.faults.trickle import Trickle

TIMEOUT_S = 0.2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Close(), http.client.RemoteDisconnected),
        (Reset(), ConnectionResetError),
        (Hold(), TimeoutError),
        (Cut(), http.client.IncompleteRead),
    ],
    ids=["close", "reset", "hold", "cut"],
)
def test_http_client_sees_a_real_networks_error(running, fault, error):
    running.strike("/struck", AFTER_COMMIT, fault)
    connection = http.client.HTTPConnection("127.0.0.1", running.edge.port, timeout=TIMEOUT_S)

    def call() -> bytes:
        connection.request("POST", "/struck", b"a=1")
        return connection.getresponse().read()

    with pytest.raises(error) as seen:
        call()
    connection.close()

    assert seen.type is error


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Close(), requests.exceptions.ConnectionError, "Remote end closed connection without response"),
        (Reset(), requests.exceptions.ConnectionError, "Connection reset by peer"),
        (Hold(), requests.exceptions.ReadTimeout, "Read timed out"),
        (Cut(), requests.exceptions.ChunkedEncodingError, "IncompleteRead"),
    ],
    ids=["close", "reset", "hold", "cut"],
)
def test_requests_sees_a_real_networks_error(running, fault, error, words):
    running.strike("/struck", AFTER_COMMIT, fault)

    with requests.Session() as session, pytest.raises(error, match=words):
        session.post(f"{running.edge.url}/struck", data={"a": "1"}, timeout=TIMEOUT_S)


def test_requests_never_times_out_on_a_trickle_because_each_byte_starts_its_clock_again(running):
    running.strike("/struck", AFTER_COMMIT, Trickle(values={"bytes_per_s": 150}))

    began = perf_counter()
    with requests.Session() as session:
        answer = session.post(f"{running.edge.url}/struck", timeout=TIMEOUT_S)

    assert answer.json()["id"] == "pi_1"
    assert perf_counter() - began > 2 * TIMEOUT_S


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Close(), stripe.APIConnectionError),
        (Reset(), stripe.APIConnectionError),
        (Hold(), stripe.APIConnectionError),
        (Cut(), stripe.APIConnectionError),
        (Reply(values={"status": 429}), stripe.RateLimitError),
        (Reply(values={"status": 500, "body": "<h1>oops</h1>"}), stripe.APIError),
    ],
    ids=["close", "reset", "hold", "cut", "429", "html"],
)
def test_the_stripe_sdk_raises_what_it_raises_in_the_field(running, fault, error):
    running.strike("/v1/payment_intents", BEFORE_COMMIT, fault)
    http_client = stripe.RequestsClient(timeout=TIMEOUT_S)
    sdk = stripe.StripeClient(
        "sk_test_1", base_addresses={"api": running.edge.url}, max_network_retries=0, http_client=http_client
    )

    with pytest.raises(error) as seen:
        sdk.v1.payment_intents.create({"amount": 100, "currency": "eur"})
    http_client.close()

    assert seen.type is error


def test_the_stripe_sdk_reads_a_true_answer(running):
    http_client = stripe.RequestsClient(timeout=5)
    sdk = stripe.StripeClient("sk_test_1", base_addresses={"api": running.edge.url}, http_client=http_client)

    intent = sdk.v1.payment_intents.create({"amount": 100, "currency": "eur"})
    http_client.close()

    assert (intent.id, intent.status) == ("pi_1", "succeeded")
