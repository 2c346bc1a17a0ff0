"""The process dies at a barrier, before an answer leaves, and comes back where the story goes on."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from badgateway.integration.model import OperationResult, Start
from badgateway.plan.model import Step
from badgateway.play.quiescence import come_to_rest
from badgateway.play.stage import Stage
from badgateway.play.steps import take

WANTED = (
    "call.committed",
    "process.killed",
    "call.answered",
    "op.returned",
    "process.started",
    "run.barrier",
)


def mortal(lab):
    """Make a shop whose open requests end with its life."""

    @dataclass
    class Mortal(lab.Shop):
        under_way: list = field(default_factory=list)

        async def operate(self, operation, values, barrier=None):
            work = asyncio.ensure_future(super().operate(operation, values, barrier))
            self.under_way.append(work)
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                return OperationResult("info", None, None, 1.0, "connection lost")

        async def kill(self):
            await super().kill()
            for work in self.under_way:
                work.cancel()

    return Mortal


def played(lab, plan, *steps, has_start=True, answers=(200,)):
    """Take steps with a shop that can die, come to rest, and give its world."""

    async def story():
        description = lab.describe("sync", recovery_ms=1)
        description = replace(description, start=Start(("shop",)) if has_start else None)
        async with lab.on_stage(plan, description, answers) as (given, shop, _):
            stage = Stage(
                given.world, mortal(lab)(shop.worlds, description), given.courier, given.before_reply
            )
            for step in steps:
                await take(stage, step)
            await come_to_rest(stage)
            return stage.world

    return asyncio.run(asyncio.wait_for(story(), 60))


@pytest.mark.parametrize(("phase", "moved"), [("after_commit", 2), ("before_commit", 0)])
def test_a_kill_inside_a_call_lands_before_its_answer_and_the_process_is_started_again(lab, phase, moved):
    plan = lab.a_plan(faults=(lab.fault("charge[1]", phase, "kill"),))

    world = played(lab, plan, Step(1, "pay", "o1"))

    kinds = lab.kinds(world, *WANTED)
    assert kinds.index("process.killed") < kinds.index("call.answered")
    assert kinds.index("process.killed") < kinds.index("op.returned") < kinds.index("process.started")
    assert lab.told(world, "call.answered")[0]["status"] is None
    assert lab.told(world, "process.killed") == [{"pid": 4711, "why": "call1 was under way"}]
    assert lab.told(world, "process.started")[0]["pid"] == 4711
    assert len(lab.ledger(world)) == moved


def test_webhooks_of_a_charge_wait_until_the_killed_process_is_back(lab):
    plan = lab.a_plan(faults=(lab.fault("charge[1]", "after_commit", "kill"),))

    world = played(lab, plan, Step(1, "pay", "o1"))

    kinds = lab.kinds(world, "process.started", "webhook.sent")
    assert kinds[0] == "process.started"
    assert len(kinds) > 1


def test_a_delivery_kills_in_the_moment_of_its_acknowledgement_and_only_once(lab):
    plan = lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", then="kill"),))

    world = played(lab, plan, Step(1, "pay", "o1"))

    barriers = [one for one in lab.told(world, "run.barrier") if one["what"].startswith("killed as soon")]
    assert [one["is_achieved"] for one in barriers] == [True]
    assert len(lab.told(world, "process.killed")) == len(lab.told(world, "process.started")) == 1
    assert lab.told(world, "run.finished")[0]["is_quiescent"]


def test_a_delivery_that_is_refused_kills_nobody(lab):
    plan = lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", then="kill"),))

    world = played(lab, plan, Step(1, "pay", "o1"), answers=(500, 500, 500, 200))

    barriers = [one for one in lab.told(world, "run.barrier") if one["what"].startswith("killed as soon")]
    assert [one["is_achieved"] for one in barriers] == [False]
    assert lab.told(world, "process.killed") == []


def test_a_process_that_is_not_ours_is_never_killed_and_the_play_says_so(lab):
    plan = lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", then="kill"),))

    world = played(lab, plan, Step(1, "pay", "o1"), has_start=False)

    assert lab.told(world, "process.killed") == []
    assert [one["do"] for one in lab.told(world, "run.skipped")] == ["kill"]
    assert not lab.told(world, "run.skipped")[0]["is_planned"]
