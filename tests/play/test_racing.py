"""Deliberate races: two look-up jobs, two operations, an operation and a webhook."""

import asyncio
from dataclasses import replace

from badgateway.integration.model import RequestTemplate
from badgateway.plan.model import Step
from badgateway.play.quiescence import come_to_rest
from badgateway.play.steps import take

NAMING = RequestTemplate("POST", "/sync?reference={order.reference}")


def played(lab, plan, *steps, description=None):
    async def story():
        async with lab.on_stage(plan, description) as (stage, shop, hook):
            for step in steps:
                await take(stage, step)
            since = len(stage.world.journal.entries)
            await come_to_rest(stage)
            return stage.world, shop, hook, stage.world.journal.entries[:since]

    return asyncio.run(asyncio.wait_for(story(), 60))


def together(n, *members):
    return Step(n, "together", members=tuple(replace(one, n=n) for one in members))


def last_bytes(entries):
    return [
        entry.data["is_achieved"]
        for entry in entries
        if entry.kind == "run.barrier" and entry.data["strength"] == "last_byte"
    ]


def test_two_look_up_jobs_at_once_are_asked_about_every_opened_order(lab):
    description = lab.describe("sync")
    description = replace(description, operations={**description.operations, "sync": NAMING})
    plan = lab.a_plan(orders=(lab.order("o1"), lab.order("o2")))
    jobs = together(3, Step(3, "sync"), Step(3, "sync"))

    _, shop, _, entries = played(
        lab, plan, Step(1, "pay", "o1"), Step(2, "pay", "o2"), jobs, description=description
    )

    asked = [entry.order for entry in entries if entry.kind == "op.invoked" and entry.data["step"] == 3]
    assert sorted(asked) == ["o1", "o1", "o2", "o2"]
    assert shop.operated.count("sync") >= 4
    assert last_bytes(entries) == [True]


def test_two_payments_at_once_meet_at_their_last_byte_and_at_the_gate(lab):
    pays = together(1, Step(1, "pay", "o1"), Step(1, "pay", "o1"))

    _, _, _, entries = played(lab, lab.a_plan(), pays)

    barriers = [entry.data for entry in entries if entry.kind == "run.barrier"]
    assert [(one["strength"], one["is_achieved"]) for one in barriers] == [
        ("gate", True),
        ("last_byte", True),
    ]
    assert barriers[0]["what"] == "pay and pay at the same moment"


def test_a_delivery_is_kept_for_its_operation_and_sent_with_it(lab):
    plan = lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", beside="return"),))

    world, _, hook, entries = played(
        lab, plan, Step(1, "pay", "o1"), Step(2, "return", "o1"), description=lab.describe("return")
    )

    sent = next(
        entry
        for entry in entries
        if entry.kind == "webhook.sent" and entry.data["name"] == "payment.succeeded"
    )
    returned = next(entry for entry in entries if entry.kind == "op.invoked" and entry.data["do"] == "return")
    over = next(entry for entry in entries if entry.kind == "op.returned" and entry.data["do"] == "return")
    assert sent.seq < over.seq
    assert returned.seq < over.seq
    assert last_bytes(entries) == [True]
    assert hook.types.count("payment_intent.succeeded") == 1
    assert not world.outbox.items


def test_a_delivery_whose_operation_never_came_is_sent_in_the_end_and_proves_no_race(lab):
    plan = lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", beside="return"),))

    world, _, hook, entries = played(lab, plan, Step(1, "pay", "o1"))

    assert last_bytes(entries) == []
    assert hook.types.count("payment_intent.succeeded") == 1
    assert [one["is_achieved"] for one in lab.told(world, "run.barrier")] == [False]


def test_a_repeated_race_goes_in_bursts_and_says_whether_all_of_them_met(lab):
    pays = replace(together(1, Step(1, "pay", "o1"), Step(1, "pay", "o1")), repeat=3)

    _, shop, _, entries = played(lab, lab.a_plan(), pays)

    repeats = [entry.data for entry in entries if entry.kind == "run.barrier"]
    assert shop.operated.count("pay") == 6
    assert last_bytes(entries) == [True] * 3
    assert [(one["what"], one["is_achieved"]) for one in repeats if one["strength"] == "repeat"] == [
        ("step 1: 3 bursts", True)
    ]


def test_members_meet_at_every_call_that_both_of_them_make(lab):
    class Twice(lab.Shop):
        async def operate(self, operation, values, barrier=None):
            await super().operate(operation, values, barrier)
            return await super().operate(operation, values)

    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, shop, _):
            stage.handle = Twice(shop.worlds, shop.description)
            await take(stage, together(1, Step(1, "pay", "o1"), Step(1, "pay", "o1")))
            return stage.world

    world = asyncio.run(asyncio.wait_for(story(), 60))

    happened = lab.kinds(world, "call.committed", "call.answered")
    assert happened[:8] == ["call.committed", "call.committed", "call.answered", "call.answered"] * 2
