"""Mutations in a play: what fired is journalled, what found nothing to change did not fire."""

import json

import pytest

from badgateway.journal.history import History
from badgateway.play.posting import pack
from badgateway.verdict.evidence import undermining

STATUS = "$.status | $.error.payment_intent.status"


def mutated(lab, kind="unknown_enum", field=STATUS, drift="unclear", **more):
    """Pay with a fault on the answer; give the world and what the integration saw."""
    plan = lab.a_plan(
        faults=(lab.fault("o1.charge[1]", "after_commit", "mutate", kind=kind, field=field, drift=drift),)
    )
    world = lab.a_world(plan)
    (told,) = lab.ask_now(world, lab.pay(world, **more))
    return world, told


def delivered(lab, **mutation):
    """Pay with a mutation on the event; give the world."""
    world = lab.a_world(lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", mutate=mutation),)))
    lab.ask_now(world, lab.pay(world))
    return world


def bodies(world):
    return {item.event.wire_type: json.loads(item.event.body) for item in world.outbox.items}


def test_a_mutated_answer_is_journalled_with_what_was_changed_and_how_far(lab):
    world, told = mutated(lab)

    (fired,) = lab.told(world, "fault.fired")
    assert (told.status, told.body["status"]) == (200, "something_new")
    assert (fired["mutation"], fired["drift"]) == ("unknown_enum $.status", "unclear")


@pytest.mark.parametrize(
    ("drift", "is_true"), [("compatible", True), ("unclear", False), ("breaking", False)]
)
def test_an_answer_is_the_providers_own_as_long_as_it_tells_the_facts(lab, drift, is_true):
    world, _ = mutated(lab, "drop_field", "$.latest_charge", drift)

    (answered,) = lab.told(world, "call.answered")
    assert answered["is_true"] is is_true
    assert (answered["body_status"] is not None) is is_true


def test_a_mutation_that_finds_nothing_to_change_did_not_fire(lab):
    world, told = mutated(lab, field="$.nowhere")

    (answered,) = lab.told(world, "call.answered")
    assert told.body["status"] == "succeeded"
    assert (answered["is_true"], answered["effect"]) == (True, None)
    assert lab.told(world, "fault.fired") == []


def test_a_declined_answer_has_its_own_places(lab):
    world, told = mutated(lab, card="pm_card_chargeDeclined")

    assert (told.status, told.body["error"]["payment_intent"]["status"]) == (402, "something_new")
    assert lab.told(world, "fault.fired")[0]["mutation"].endswith("$.error.payment_intent.status")


def test_a_mutated_event_leaves_its_siblings_and_the_providers_own_record_alone(lab):
    world = delivered(lab, kind="drop_field", field="$.data.object.id", drift="breaking")

    sent = bodies(world)
    (kept,) = lab.ask_now(world, lab.request("GET", f"/v1/events/{sent['payment_intent.succeeded']['id']}"))
    assert "id" not in sent["payment_intent.succeeded"]["data"]["object"]
    assert sent["charge.succeeded"]["data"]["object"]["id"].startswith("ch_")
    assert kept.body["data"]["object"]["id"].startswith("pi_")


@pytest.mark.parametrize(("field", "count"), [("$.nowhere", 1), ("$.data.object.amount", 0)])
def test_a_planned_mutation_that_changed_nothing_leaves_the_play_unproven(lab, field, count):
    world = delivered(lab, kind="drop_field", field=field, drift="breaking")
    for item in world.outbox.items:
        pack(world, item, 1)
    history = History(world.journal.entries)
    history.plan = {
        "deliveries": [
            {
                "event": {"name": "payment.succeeded", "n": 1, "order": "o1"},
                "mutate": {"kind": "drop_field"},
            }
        ]
    }
    problems = [one for one in undermining(history) if "planned delivery" in one]
    assert len(problems) == count
