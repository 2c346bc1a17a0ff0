"""The door for state calls answers at once, with our reason, and never with a status that is repeated."""

import json

import pytest

from badgateway.ground.message import Request
from badgateway.verify.simulator import Simulator
from badgateway.verify.state_door import REFUSED, StateDoor, key_of

PAYMENT = {"id": "pi_1", "amount_minor": 4999, "currency": "EUR"}


def call(state, action="setup", **params):
    body = json.dumps({"state": state, "action": action, "params": params}).encode()
    return Request("POST", "/states", body=body)


@pytest.fixture
def door():
    made = StateDoor(Simulator("stripe"))
    made.simulator.open_account("sk_test_1")
    return made


def test_a_state_is_set_up_and_its_parameters_come_back_for_generators(door):
    reply = door.answer(call("a payment is captured", **PAYMENT))

    assert (reply.status, json.loads(reply.body)) == (200, PAYMENT)
    assert door.simulator.payment("pi_1").captured_minor == 4999


def test_an_unknown_state_is_refused_with_its_reason(door):
    reply = door.answer(call("the moon is full", phase=1))

    assert reply.status == REFUSED == 422
    assert "'the moon is full' is unknown; known: a merchant account" in json.loads(reply.body)["error"]
    assert "is unknown" in door.refusals[key_of("the moon is full", {"phase": 1})]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"state": "x"}', b'{"state": "", "params": 3, "action": "setup"}']
)
def test_our_own_bug_is_kept_and_never_answered_with_a_status_that_is_repeated(door, body):
    reply = door.answer(Request("POST", "/states", body=body))

    assert reply.status == REFUSED
    assert door.bug is not None


def test_several_states_of_one_interaction_share_a_world(door):
    door.answer(call("a payment is captured", **PAYMENT))
    door.answer(call("a payment is authorized", **{**PAYMENT, "id": "pi_2"}))

    assert None not in (door.simulator.payment("pi_1"), door.simulator.payment("pi_2"))


def test_the_next_interaction_begins_in_an_empty_world(door):
    door.answer(call("a payment is captured", **PAYMENT))
    door.answer(call("a payment is captured", action="teardown", **PAYMENT))
    door.answer(call("a payment is captured", **PAYMENT))

    assert door.refusals == {}
    assert door.simulator.payment("pi_1") is not None
