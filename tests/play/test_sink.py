"""What arrives at the sink is found, counted once under its key, and can be made to fail on cue."""

import asyncio
import json

from badgateway.ground.message import Request
from badgateway.integration.model import EffectDoor

MAIL = EffectDoor("mail", "POST", "/mail", order="$.reference")
STOCK = EffectDoor("stock", "POST", "/stock", key="$.booking.id")


def a_world(lab, **changes):
    world = lab.a_world(lab.a_plan(**changes))
    world.effects = (MAIL, STOCK)
    return world


def post(path, body, key=None):
    headers = (("Idempotency-Key", key),) if key else ()
    return Request("POST", f"/sink{path}", "", headers, json.dumps(body).encode())


def mail(world, key="k1", **more):
    return post("/mail", {"reference": world.reference("o1"), **more}, key)


def send(lab, world, *asked):
    async def story():
        worlds = lab.worlds_of(world)
        return [await lab.ask(worlds, one) for one in asked]

    return asyncio.run(story())


def seen(world):
    return [
        (one.data["effect"], one.data["is_taken"], one.data["is_again"])
        for one in world.journal.entries
        if one.kind == "effect.seen"
    ]


def test_an_effect_is_journalled_for_the_order_that_it_names(lab):
    world = a_world(lab)

    (told,) = send(lab, world, mail(world))

    entry = next(one for one in world.journal.entries if one.kind == "effect.seen")
    assert told.status == 200
    assert (entry.order, entry.data["effect"], entry.data["n"]) == ("o1", "mail", 1)


def test_the_same_key_again_is_known_and_another_key_is_new(lab):
    world = a_world(lab)

    send(lab, world, mail(world), mail(world), mail(world, "k2"))

    assert seen(world) == [("mail", True, False), ("mail", True, True), ("mail", True, False)]


def test_without_a_key_every_arrival_is_new(lab):
    world = a_world(lab)

    send(lab, world, mail(world, None), mail(world, None))

    assert seen(world) == [("mail", True, False), ("mail", True, False)]


def test_a_key_may_stand_in_the_body(lab):
    world = a_world(lab)
    booking = {"text": f"for {world.reference('o1')}", "booking": {"id": 7}}

    send(lab, world, post("/stock", booking), post("/stock", booking))

    assert seen(world) == [("stock", True, False), ("stock", True, True)]


def test_what_no_effect_is_declared_for_is_a_stray_and_refused(lab):
    world = a_world(lab)

    (told,) = send(lab, world, post("/fax", {"reference": world.reference("o1")}))

    assert told.status == 404
    assert lab.kinds(world) == ["run.stray"]


def test_what_names_no_order_of_a_play_is_told_to_all(lab):
    world = a_world(lab)

    (told,) = send(lab, world, post("/mail", {"reference": "nobody"}, "k"))

    assert told.status == 404
    assert lab.kinds(world) == ["run.stray"]


def test_an_order_that_is_only_mentioned_is_not_the_one_that_is_named(lab):
    world = a_world(lab)

    send(lab, world, post("/mail", {"reference": "nobody", "text": world.reference("o1")}, "k"))

    assert seen(world) == []


def test_before_the_commit_the_sink_fails_and_takes_nothing(lab):
    world = a_world(lab, faults=(lab.fault("effect:mail[1]", "before_commit", "reply", status=503),))

    told = send(lab, world, mail(world), mail(world))

    assert [one.status for one in told] == [503, 200]
    assert seen(world) == [("mail", False, False), ("mail", True, False)]
    assert lab.kinds(world, "fault.fired") == ["fault.fired"]


def test_after_the_commit_it_is_taken_whatever_is_heard(lab):
    world = a_world(lab, faults=(lab.fault("effect:mail[1]", "after_commit", "close"),))

    told = send(lab, world, mail(world), mail(world))

    assert [one.status for one in told] == [None, 200]
    assert seen(world) == [("mail", True, False), ("mail", True, True)]


def test_a_fault_on_every_call_leaves_effects_alone(lab):
    world = a_world(lab, faults=(lab.fault("*", "before_commit", "reply"),))

    (told,) = send(lab, world, mail(world))

    assert told.status == 200


def test_no_text_of_an_effect_is_journalled(lab):
    world = a_world(lab)

    send(lab, world, mail(world, "key-of-the-mail", to="ann@example.com"))

    kept = repr(world.journal.entries)
    assert "key-of-the-mail" not in kept
    assert "ann@example.com" not in kept
