"""The contract watch: what an integration asked and what it was told, held against Stripe's own document."""

import asyncio
from dataclasses import replace

from badgateway.play.posting import pack
from badgateway.play.promising import hold_to_contract

FORM = ("Content-Type", "application/x-www-form-urlencoded")


def watched(lab, world, *requests):
    """Let requests through both gates, send what webhooks there are, and hold all of it to the contract."""

    async def story():
        worlds = lab.worlds_of(world)
        for request in requests:
            call = worlds.arrive(replace(request, headers=(*request.headers, FORM)))
            call.let_in()
            call.let_out()
            effect = await call.admit()
            if effect is None:
                effect = await call.release(call.commit())
            call.finished(is_complete=effect.reply is not None, bytes_sent=0)
        for item in world.outbox.items:
            pack(world, item, 1)
        await hold_to_contract(world)

    asyncio.run(story())
    return lab.told(world, "contract.broken"), lab.told(world, "contract.watched")


def test_a_payment_as_the_document_has_it_breaks_nothing_on_either_side(lab):
    world = lab.a_world()

    broken, (watch,) = watched(lab, world, lab.pay(world))

    assert broken == []
    assert (watch["document"], watch["requests"], watch["replies"]) == ("stripe.openapi.yaml", 1, 1)
    assert watch["webhooks"] == 3
    assert (watch["exempt"], watch["undescribed"], watch["left_out"]) == (0, 0, 0)


def test_a_parameter_that_the_provider_does_not_know_is_the_integrations_fault(lab):
    world = lab.a_world()

    (broken,), _ = watched(lab, world, lab.pay(world, amuont="5"))

    assert (broken["party"], broken["about"], broken["call"]) == ("integration", "request", "call1")
    assert broken["where"] == "POST /v1/payment_intents"
    assert "'amuont' was unexpected" in broken["problem"]


def test_an_answer_that_a_fault_gave_is_nobodys_promise(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "before_commit", "reply", status=503),)))

    broken, (watch,) = watched(lab, world, lab.pay(world))

    assert broken == []
    assert (watch["requests"], watch["replies"], watch["exempt"]) == (1, 0, 1)


def test_a_world_without_a_player_keeps_nothing(lab):
    world = lab.a_world()
    world.is_free = True

    watched(lab, world, lab.pay(world))

    assert world.sightings.asked == []
