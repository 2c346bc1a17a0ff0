"""Providers served without a player: the official SDK, faults of a scenario, and signed webhooks."""

import asyncio
import contextlib
import json
import queue
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from badgateway.errors import EnvironmentProblem, InputError
from badgateway.integration.attaching import as_variables
from badgateway.journal.ndjson import read_journal
from badgateway.plan.compile import compile_scenario
from badgateway.play import freeplay
from badgateway.scenario.load import read_scenario
from badgateway.serving import serve

PATIENCE_S = 10
PAY = "title: One order\nwhy: It is paid.\nproviders: [stripe]\nsteps:\n  - pay: {order: o1, amount: 49.99}\n"
LOST = PAY + 'faults: [{at: "charge[1]", phase: after_commit, do: close}]\n'
TWICE = PAY + 'deliveries: [{event: "payment.succeeded[1]", copies: 2, how: at_once}]\n'

TWO = """\
title: Two orders
why: Only the second one meets trouble.
providers: [stripe]
steps:
  - pay: {order: o1, amount: 49.99}
  - pay: {order: o2, amount: 10}
faults: [{at: "o2.charge[1]", phase: after_commit, do: close}]
deliveries: [{event: "o2.payment.succeeded[1]", copies: 3}]
"""
FORGED = PAY + 'deliveries: [{event: "refund.succeeded[1]", signature: garbage}]\n'
KEPT = PAY + 'deliveries: [{event: "payment.succeeded[1]", signature: stale}]\n'
LATE = PAY + 'deliveries: [{event: "payment.succeeded[1]", copies: 2, late: true}]\n'
STRANGERS = PAY + 'deliveries: [{event: "payment.succeeded[1]", from: stranger, copies: 2}]\n'


def story(text):
    (plan,) = compile_scenario(read_scenario(text, "story.yaml"), 1)
    return plan


@contextlib.contextmanager
def served(plan=None, *, webhook_url=None, journal_path=None):
    """Serve in a thread of its own; give the variables that an integration is started with."""
    ready: queue.Queue = queue.Queue()

    def live():
        async def main():
            loop, task = asyncio.get_running_loop(), asyncio.current_task()

            def on_ready(settings):
                ready.put((as_variables(settings), lambda: loop.call_soon_threadsafe(task.cancel)))

            with contextlib.suppress(asyncio.CancelledError):
                await serve(
                    plan, port=0, webhook_url=webhook_url, on_ready=on_ready, journal_path=journal_path
                )

        asyncio.run(main())

    thread = threading.Thread(target=live)
    thread.start()
    variables, end = ready.get(timeout=PATIENCE_S)
    try:
        yield variables
    finally:
        end()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@contextlib.contextmanager
def receiver(*statuses):
    """Listen for webhooks; give the address and a queue of (body, signature). The last status stays."""
    heard: queue.Queue = queue.Queue()
    left = list(statuses or (200,))

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            self.end_headers()
            heard.put((body, self.headers["Stripe-Signature"]))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def sdk(variables):
    """Give the unmodified SDK without retries of its own."""
    with whole_sdk(variables) as client:
        yield client.v1


@contextlib.contextmanager
def whole_sdk(variables):
    """Give the SDK with both versions of the API."""
    http = stripe.RequestsClient()
    base = {"api": variables["STRIPE_URL"]}
    try:
        yield stripe.StripeClient(
            variables["STRIPE_API_KEY"], base_addresses=base, max_network_retries=0, http_client=http
        )
    finally:
        http.close()


def pay(client, key=None, **more):
    params = {
        **more,
        "amount": 4999,
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "confirm": True,
        "return_url": "https://shop.example/back",
    }
    return client.payment_intents.create(params, {"idempotency_key": key} if key else {})


def test_without_a_story_the_provider_behaves():
    with served() as variables, sdk(variables) as client:
        paid = pay(client)
        again = client.payment_intents.retrieve(paid.id)

    assert (again.status, again.amount_received) == ("succeeded", 4999)


def test_an_answer_is_lost_once_and_its_key_finds_the_payment():
    with served(story(LOST)) as variables, sdk(variables) as client:
        with pytest.raises(stripe.APIConnectionError):
            pay(client, "k1")
        paid = pay(client, "k1")
        listed = client.payment_intents.list()

    assert paid.status == "succeeded"
    assert [one.id for one in listed.data] == [paid.id]


def test_a_webhook_is_one_that_the_sdk_accepts():
    with (
        receiver() as (url, heard),
        served(webhook_url=url) as variables,
        sdk(variables) as client,
    ):
        paid = pay(client)
        received = [heard.get(timeout=PATIENCE_S) for _ in range(3)]

    secret = variables["STRIPE_WEBHOOK_SECRET"]
    events = [stripe.Webhook.construct_event(body, signature, secret) for body, signature in received]
    succeeded = next(event for event in events if event.type == "payment_intent.succeeded")
    assert succeeded.data.object.id == paid.id
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(received[0][0], received[0][1], "whsec_of_somebody_else")


def test_events_are_pending_until_they_are_taken():
    with (
        receiver(500, 200) as (url, heard),
        served(webhook_url=url) as variables,
        sdk(variables) as client,
    ):
        pay(client)
        refused = json.loads(heard.get(timeout=PATIENCE_S)[0])["id"]
        taken = [json.loads(heard.get(timeout=PATIENCE_S)[0])["id"] for _ in range(2)]
        # The last delivery is settled a moment after it was answered.
        for _ in range(200):
            delivered = [one.id for one in client.events.list({"delivery_success": True}).data]
            if len(delivered) == 2:
                break
        pending = client.events.list({"delivery_success": False}).data

    assert set(delivered) == set(taken)
    assert [(one.id, one.pending_webhooks) for one in pending] == [(refused, 1)]


def test_a_story_says_how_its_webhooks_come():
    with (
        receiver() as (url, heard),
        served(story(TWICE), webhook_url=url) as variables,
        sdk(variables) as client,
    ):
        pay(client)
        types = [json.loads(heard.get(timeout=PATIENCE_S)[0])["type"] for _ in range(4)]

    assert types.count("payment_intent.succeeded") == 2


def test_a_late_copy_comes_when_all_has_been_quiet_for_a_while(monkeypatch):
    monkeypatch.setattr(freeplay, "LATE_AFTER_MS", 50)
    with (
        receiver() as (url, heard),
        served(story(LATE), webhook_url=url) as variables,
        sdk(variables) as client,
    ):
        pay(client)
        types = [json.loads(heard.get(timeout=PATIENCE_S)[0])["type"] for _ in range(4)]

    assert types.count("payment_intent.succeeded") == 2
    assert types[-1] == "payment_intent.succeeded"


def test_the_second_purchase_is_the_second_order_of_the_story():
    with (
        receiver() as (url, heard),
        served(story(TWO), webhook_url=url) as variables,
        sdk(variables) as client,
    ):
        first = pay(client, "k1", metadata={"order": "mine-1"})
        with pytest.raises(stripe.APIConnectionError):
            pay(client, "k2", metadata={"order": "mine-2"})
        second = pay(client, "k2", metadata={"order": "mine-2"})
        bodies = [json.loads(heard.get(timeout=PATIENCE_S)[0]) for _ in range(8)]

    told = [body["data"]["object"]["id"] for body in bodies if body["type"] == "payment_intent.succeeded"]
    assert first.status == second.status == "succeeded"
    assert sorted(told) == sorted([first.id, *[second.id] * 3])


def test_another_try_for_an_order_is_the_same_order():
    with served(story(TWO)) as variables, sdk(variables) as client:
        for key in ("k1", "k2"):
            pay(client, key, metadata={"order": "mine-1"})
        with pytest.raises(stripe.APIConnectionError):
            pay(client, "k3", metadata={"order": "mine-2"})


def test_a_purchase_beyond_the_story_meets_no_trouble():
    with served(story(TWO)) as variables, sdk(variables) as client:
        pay(client, "k1", metadata={"order": "mine-1"})
        with pytest.raises(stripe.APIConnectionError):
            pay(client, "k2", metadata={"order": "mine-2"})
        third = pay(client, "k3", metadata={"order": "mine-3"})

    assert third.status == "succeeded"


def test_an_attacker_forges_once_what_he_knows_of_the_order():
    with (
        receiver() as (url, heard),
        served(story(FORGED), webhook_url=url) as variables,
        sdk(variables) as client,
    ):
        paid = pay(client, metadata={"order": "mine-1"})
        received = [heard.get(timeout=PATIENCE_S) for _ in range(4)]

    body, signature = received[-1]
    event = json.loads(body)
    assert (event["type"], event["data"]["object"]["payment_intent"]) == ("charge.refunded", paid.id)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, variables["STRIPE_WEBHOOK_SECRET"])


def test_a_kept_event_comes_again_after_the_genuine_one():
    with (
        receiver() as (url, heard),
        served(story(KEPT), webhook_url=url) as variables,
        sdk(variables) as client,
    ):
        pay(client)
        received = [heard.get(timeout=PATIENCE_S) for _ in range(4)]

    body, signature = received[-1]
    assert body in [genuine for genuine, _ in received[:-1]]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, variables["STRIPE_WEBHOOK_SECRET"])


def test_strangers_tell_before_anybody_has_paid():
    with receiver() as (url, heard), served(story(STRANGERS), webhook_url=url) as variables:
        received = [heard.get(timeout=PATIENCE_S) for _ in range(2)]

    secret = variables["STRIPE_WEBHOOK_SECRET"]
    events = [stripe.Webhook.construct_event(body, signature, secret) for body, signature in received]
    assert len({event.data.object.id for event in events}) == 2


def test_what_was_asked_and_sent_is_journalled_without_the_secrets(tmp_path):
    path = tmp_path / "journal.ndjson"
    with (
        receiver() as (url, heard),
        served(story(LOST), webhook_url=url, journal_path=path) as variables,
        sdk(variables) as client,
    ):
        with pytest.raises(stripe.APIConnectionError):
            pay(client)
        for _ in range(3):
            heard.get(timeout=PATIENCE_S)

    kinds = {entry.kind for entry in read_journal(path)}
    text = path.read_text(encoding="utf-8")
    assert {"call.arrived", "call.committed", "fault.fired", "ledger.entry", "webhook.sent"} <= kinds
    assert variables["STRIPE_API_KEY"] not in text
    assert variables["STRIPE_WEBHOOK_SECRET"] not in text


def test_a_port_that_is_taken_is_exit_3():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(EnvironmentProblem, match=str(port)) as problem:
            asyncio.run(serve(None, port=port, webhook_url=None, on_ready=lambda _: None))

    assert problem.value.exit_code == 3


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/hook", "https://example.com/hook", "ftp://127.0.0.1/", "127.0.0.1:80", ""]
)
def test_webhooks_go_to_this_machine_only(url):
    with pytest.raises(InputError, match="loopback"):
        asyncio.run(serve(None, port=0, webhook_url=url, on_ready=lambda _: None))


def test_two_providers_side_by_side_do_not_share_their_keys():
    with (
        served() as first,
        served() as second,
        sdk({**second, "STRIPE_API_KEY": first["STRIPE_API_KEY"]}) as client,
        pytest.raises(stripe.AuthenticationError),
    ):
        pay(client)


def _register(client, url, *events):
    return client.webhook_endpoints.create({"url": url, "enabled_events": list(events)})


def test_a_registered_endpoint_hears_what_it_asked_for_and_has_its_own_secret():
    with (
        receiver() as (own, heard),
        receiver() as (other, heard_there),
        served(webhook_url=own) as variables,
        sdk(variables) as client,
    ):
        made = _register(client, other, "payment_intent.succeeded")
        pay(client)
        body, signature = heard_there.get(timeout=PATIENCE_S)
        first = [json.loads(heard.get(timeout=PATIENCE_S)[0])["type"] for _ in range(3)]

    event = stripe.Webhook.construct_event(body, signature, made.secret)
    assert event.type == "payment_intent.succeeded"
    assert first == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, variables["STRIPE_WEBHOOK_SECRET"])
    assert heard_there.empty()


def test_a_provider_that_told_nobody_tells_an_endpoint_from_its_registration_on():
    """What sends webhooks is loaded only then; payments made before are not told."""
    with receiver() as (there, heard), served() as variables, sdk(variables) as client:
        earlier = pay(client)
        _register(client, there, "payment_intent.succeeded")
        later = pay(client)
        body, _ = heard.get(timeout=PATIENCE_S)

    assert earlier.id != later.id
    assert json.loads(body)["data"]["object"]["id"] == later.id
    assert heard.empty()


def test_while_a_registered_secret_is_rolled_both_verify():
    with receiver() as (url, heard), served() as variables, whole_sdk(variables) as client:
        old = _register(client.v1, url, "charge.succeeded")
        path = f"/v1/test_helpers/webhook_endpoints/{old.id}/roll_secret"
        answer = client.raw_request("post", path, expire_old_after=60)
        pay(client.v1)
        body, signature = heard.get(timeout=PATIENCE_S)

    for secret in (old.secret, answer.data["secret"]):
        assert stripe.Webhook.construct_event(body, signature, secret).type == "charge.succeeded"


def test_a_thin_event_leads_the_sdk_to_the_event_and_its_object():
    with receiver() as (url, heard), served() as variables, whole_sdk(variables) as client:
        made = client.v2.core.event_destinations.create(
            {
                "name": "mine",
                "type": "webhook_endpoint",
                "event_payload": "thin",
                "enabled_events": ["v1.charge.succeeded"],
                "webhook_endpoint": {"url": url},
                "include": ["webhook_endpoint.signing_secret"],
            }
        )
        paid = pay(client.v1)
        body, signature = heard.get(timeout=PATIENCE_S)
        secret = made.webhook_endpoint.signing_secret
        notice = client.parse_event_notification(body, signature, secret)
        event, charge = notice.fetch_event(), notice.fetch_related_object()

    assert type(notice).__name__ == "V1ChargeSucceededEventNotification"
    assert (event.id, event.type) == (notice.id, "v1.charge.succeeded")
    assert (charge.id, charge.amount) == (paid.latest_charge, 4999)
