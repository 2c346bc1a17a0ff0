"""The door for state calls answers at once, with our reason, and never with a status that is repeated."""

import asyncio
import base64
import json

import pytest

from badgateway.ground.message import Request
from badgateway.verify.scene import ProviderScene
from badgateway.verify.simulator import Simulator
from badgateway.verify.state_door import REFUSED, StateDoor, key_of

PAYMENT = {"id": "pi_1", "amount_minor": 4999, "currency": "EUR"}


def call(state, action="setup", **params):
    body = json.dumps({"state": state, "action": action, "params": params}).encode()
    return Request("POST", "/states", body=body)


@pytest.fixture
def door():
    simulator = Simulator("stripe", "whsec_1")
    simulator.open_account("sk_test_1")
    return StateDoor(ProviderScene(simulator))


def answer(door, request):
    return asyncio.run(door.answer(request))


def test_a_state_is_set_up_and_its_parameters_come_back_for_generators(door):
    reply = answer(door, call("a payment is captured", **PAYMENT))

    assert (reply.status, json.loads(reply.body)) == (200, PAYMENT)
    assert door.scene.simulator.payment("pi_1").captured_minor == 4999


def test_an_unknown_state_is_refused_with_its_reason(door):
    reply = answer(door, call("the moon is full", phase=1))

    assert reply.status == REFUSED == 422
    assert (
        "'the moon is full' is unknown; known: a bank asks about a payment" in json.loads(reply.body)["error"]
    )
    assert "is unknown" in door.refusals[key_of("the moon is full", {"phase": 1})]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"state": "x"}', b'{"state": "", "params": 3, "action": "setup"}']
)
def test_our_own_bug_is_kept_and_never_answered_with_a_status_that_is_repeated(door, body):
    reply = answer(door, Request("POST", "/states", body=body))

    assert reply.status == REFUSED
    assert door.bug is not None


def test_several_states_of_one_interaction_share_a_world(door):
    answer(door, call("a payment is captured", **PAYMENT))
    answer(door, call("a payment is authorized", **{**PAYMENT, "id": "pi_2"}))

    assert None not in (door.scene.simulator.payment("pi_1"), door.scene.simulator.payment("pi_2"))


def test_the_next_interaction_begins_in_an_empty_world(door):
    answer(door, call("a payment is captured", **PAYMENT))
    answer(door, call("a payment is captured", action="teardown", **PAYMENT))
    answer(door, call("a payment is captured", **PAYMENT))

    assert door.refusals == {}
    assert door.scene.simulator.payment("pi_1") is not None


class _Slow(ProviderScene):
    """A service that never gets into the state."""

    async def reach(self, *_):
        await asyncio.Event().wait()


def test_a_state_that_is_not_reached_in_time_is_refused_with_that_reason():
    door = StateDoor(_Slow(Simulator("stripe")), reach_s_max=0.01)

    reply = answer(door, call("a payment is captured", **PAYMENT))

    assert reply.status == REFUSED
    assert "'a payment is captured' was not reached within 0.01 s" in json.loads(reply.body)["error"]


def test_a_message_is_the_webhook_that_its_state_had_sent_with_its_headers(door):
    answer(door, call("a payment is captured", **PAYMENT))
    answer(door, call("a webhook is sent", event="payment.succeeded"))

    reply = answer(door, Request("POST", "/messages", body=b'{"description": "any"}'))

    told = json.loads(base64.b64decode(reply.header("Pact-Message-Metadata")))
    assert json.loads(reply.body)["type"] == "payment_intent.succeeded"
    assert told["Stripe-Signature"].startswith("t=")
    assert told["contentType"] == "application/json"


def test_a_message_for_which_no_webhook_was_sent_is_refused(door):
    answer(door, call("a payment is captured", **PAYMENT))

    reply = answer(door, Request("POST", "/messages", body=b"{}"))

    assert reply.status == REFUSED
