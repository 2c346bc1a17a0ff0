"""Load: asked while a call is held, once more where it was late, and told where it never came about."""

from __future__ import annotations

import asyncio

import pytest

from badgateway.integration.model import OperationResult
from badgateway.plan.model import PlannedLoad
from badgateway.play.loading import ask_meanwhile, end_load


def load(lab, during="o1.charge[1]", **changes):
    return PlannedLoad(1, ("health",), lab.selector(during), **changes)


def played(lab, planned, health=None, pays=1):
    """Pay while the load asks; `health` may be another health page. Gives the world."""

    async def story():
        async with lab.on_stage(lab.a_plan(load=(planned,)), lab.describe("health", deadline_ms=80)) as on:
            stage, shop, _ = on
            stage.meanwhile = ask_meanwhile
            if health is not None:
                shop.operate = health(stage)
            for n in range(pays):
                task = stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world, idem=f"k{n}")))
                await stage.drive(task)
            await end_load(stage)
            return stage.world

    return asyncio.run(story())


def told(lab, world):
    return [(one["n"], one["is_in_time"], one["is_control"]) for one in lab.told(world, "load.answered")]


def test_it_is_asked_while_the_call_is_held_and_before_it_is_carried_out(lab):
    world = played(lab, load(lab, times=2))

    assert told(lab, world) == [(1, True, False), (2, True, False)]
    assert lab.kinds(world, "load.answered", "call.committed") == ["load.answered"] * 2 + ["call.committed"]


def test_a_page_that_waits_for_the_call_is_asked_at_the_next_one_and_when_nothing_is_held(lab):
    def waiting(stage):
        async def health(_operation, _values):
            while any(call.is_parked for call in stage.world.gates.calls):  # noqa: ASYNC110 - as a lock does
                await asyncio.sleep(0)
            return OperationResult("ok", 200, None, 1.0)

        return health

    world = played(lab, load(lab), waiting, pays=3)

    assert told(lab, world) == [(1, False, False), (1, False, False), (3, False, True)]


def test_a_load_that_no_call_sets_off_is_skipped_and_told(lab):
    world = played(lab, load(lab, "o1.refund[1]"))

    (skipped,) = lab.told(world, "run.skipped")
    assert skipped["why"] == "no call o1.refund[1] came"
    assert told(lab, world) == []


def test_an_error_is_an_answer_and_is_compared_with_a_later_one(lab):
    def failing(_stage):
        answers = iter((500, 200))

        async def health(_operation, _values):
            return OperationResult("info", next(answers), None, 1.0)

        return health

    world = played(lab, load(lab), failing)

    assert [one["http_status"] for one in lab.told(world, "load.answered")] == [500, 200]


@pytest.mark.parametrize("during", ["charge[*]", "*"])
def test_a_load_is_asked_at_the_first_of_several_calls(lab, during):
    world = played(lab, load(lab, during), pays=3)

    assert told(lab, world) == [(1, True, False)]
