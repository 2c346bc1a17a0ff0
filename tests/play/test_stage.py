"""The driver: one total order, deliberate races, and cut-offs that end every wait."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from badgateway.errors import EnvironmentProblem

FULL = Path("/dev/full")


def test_parked_calls_pass_one_by_one_in_canonical_order(lab):
    async def story():
        plan = lab.a_plan(orders=(lab.order("o1"), lab.order("o2")))
        async with lab.on_stage(plan) as (stage, shop, _):
            tasks = [
                stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world, name))) for name in ("o2", "o1", "o2")
            ]
            await asyncio.sleep(0)
            is_done = await stage.drive(*tasks)
            return stage.world, is_done

    world, is_done = asyncio.run(story())

    happened = [
        (entry.kind, entry.order)
        for entry in world.journal.entries
        if entry.kind in ("call.committed", "call.answered")
    ]
    assert is_done
    assert happened == [
        ("call.committed", "o1"),
        ("call.answered", "o1"),
        ("call.committed", "o2"),
        ("call.answered", "o2"),
        ("call.committed", "o2"),
        ("call.answered", "o2"),
    ]


def test_two_calls_that_pass_together_are_both_committed_before_either_is_answered(lab):
    async def story(number):
        async with lab.on_stage(lab.a_plan(interleaving=number)) as (stage, shop, _):
            tasks = [
                stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world, idem=key))) for key in ("k1", "k2")
            ]
            calls = await stage.meet(tasks, "two payments at once")
            await stage.pass_together(calls)
            await stage.drive(*tasks)
            return stage.world

    for number in (0, 1):
        world = asyncio.run(story(number))

        happened = lab.kinds(world, "call.committed", "call.answered")
        assert happened == ["call.committed"] * 2 + ["call.answered"] * 2
        assert lab.told(world, "run.barrier")[0]["is_achieved"]
        assert len(lab.ledger(world)) == 4


def test_the_interleaving_says_which_of_the_two_is_committed_first(lab):
    async def story(number):
        async with lab.on_stage(lab.a_plan(interleaving=number)) as (stage, shop, _):
            tasks = [
                stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world, idem=key))) for key in ("k1", "k2")
            ]
            await stage.pass_together(await stage.meet(tasks, "two payments at once"))
            await stage.drive(*tasks)
            return [one["call"] for one in lab.told(stage.world, "call.committed")]

    assert asyncio.run(story(0)) == ["call1", "call2"]
    assert asyncio.run(story(1)) == ["call2", "call1"]


def test_a_meeting_with_somebody_who_calls_nobody_ends_with_his_task(lab):
    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, shop, _):
            tasks = [
                stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world))),
                stage.spawn(asyncio.sleep(0)),
            ]
            calls = await stage.meet(tasks, "one payment and nothing")
            await stage.drive(*tasks)
            return stage.world, len(calls)

    world, met = asyncio.run(story())

    assert met == 1
    assert not lab.told(world, "run.barrier")[0]["is_achieved"]


def test_a_meeting_that_nobody_comes_to_is_cut_off_after_a_quarter_of_the_deadline(lab):
    async def story():
        async with lab.on_stage(lab.a_plan(), lab.describe(deadline_ms=80)) as (stage, _, _hook):
            never = stage.spawn(asyncio.Event().wait())
            calls = await stage.meet([never, never], "nobody")
            never.cancel()
            return stage.world, calls

    world, calls = asyncio.run(story())

    (barrier,) = lab.told(world, "run.barrier")
    assert calls == []
    assert not barrier["is_achieved"]
    assert 20 <= barrier["waited_ms"] < 2_000


def test_driving_with_a_cut_off_gives_up_and_says_so(lab):
    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, _, _hook):
            never = stage.spawn(asyncio.Event().wait())
            is_done = await stage.drive(never, cutoff_ms=10)
            never.cancel()
            return is_done

    assert asyncio.run(story()) is False


def test_a_call_that_is_held_for_ever_does_not_hold_the_play(lab):
    async def story():
        held = lab.fault("o1.charge[1]", "after_commit", "hold")
        async with lab.on_stage(lab.a_plan(faults=(held,))) as (stage, shop, _):
            call = asyncio.ensure_future(lab.ask(shop.worlds, lab.pay(stage.world)))
            await asyncio.sleep(0)
            is_done = await stage.drive()
            call.cancel()
            await asyncio.wait([call])
            return stage.world, is_done

    world, is_done = asyncio.run(story())

    assert is_done
    assert [kind for kind, _ in lab.ledger(world)] == ["auth", "capture"]


def test_a_webhook_before_the_reply_is_answered_while_the_reply_is_held(lab):
    async def story():
        early = lab.delivery("o1.payment.succeeded[1]", before="reply")
        async with lab.on_stage(lab.a_plan(deliveries=(early,))) as (stage, shop, hook):
            task = stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world)))
            await stage.drive(task)
            return stage.world, hook.types

    world, types = asyncio.run(story())

    order = ("call.committed", "webhook.sent", "webhook.answered", "call.answered")
    assert types == ["payment_intent.succeeded"]
    assert lab.kinds(world, *order) == list(order)
    assert lab.told(world, "run.barrier")[0]["is_achieved"]


def test_all_copies_of_a_webhook_before_the_reply_are_sent(lab):
    async def story():
        early = lab.delivery("o1.payment.succeeded[1]", before="reply", copies=3)
        async with lab.on_stage(lab.a_plan(deliveries=(early,))) as (stage, shop, hook):
            task = stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world)))
            await stage.drive(task)
            return stage.world, hook.types

    world, types = asyncio.run(story())

    assert types == ["payment_intent.succeeded"] * 3
    assert [(one["copy"], one["class"]) for one in lab.told(world, "webhook.sent")] == [
        (1, "genuine"),
        (2, "duplicate"),
        (3, "duplicate"),
    ]


def test_a_webhook_before_the_reply_whose_handler_asks_the_provider_is_served_meanwhile(lab):
    async def story():
        early = lab.delivery("o1.payment.succeeded[1]", before="reply")
        async with lab.on_stage(lab.a_plan(deliveries=(early,))) as (stage, shop, hook):
            plain = hook.serve
            looked = []

            async def look_first(reader, writer):
                looked.append(await lab.ask(shop.worlds, lab.request("GET", "/v1/payment_intents")))
                await plain(reader, writer)

            server = await asyncio.start_server(look_first, "127.0.0.1", 0)
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
            stage.world.endpoint = replace(stage.world.endpoint, url=url)
            await stage.drive(stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world))))
            server.close()
            return stage.world, looked

    world, looked = asyncio.run(story())

    assert [one.status for one in looked] == [200]
    assert lab.told(world, "run.barrier")[0]["is_achieved"]
    answered = [one["call"] for one in lab.told(world, "call.answered")]
    assert answered == ["call2", "call1"]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no disk that is always full")
def test_a_journal_that_can_no_longer_be_written_ends_the_play_and_does_not_hang_it(lab):
    full = FULL.open("wb", buffering=0)

    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, shop, _):
            task = stage.spawn(lab.ask(shop.worlds, lab.pay(stage.world)))
            await asyncio.sleep(0)
            stage.world.journal._file = full
            async with asyncio.timeout(5):
                await stage.drive(task)
            stage.world.journal.close()
            return task

    task = asyncio.run(story())

    assert isinstance(task.exception(), EnvironmentProblem)
