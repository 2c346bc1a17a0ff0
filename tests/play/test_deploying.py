"""A deployment: two versions live side by side, asked strictly in turn, until the old one retires."""

import asyncio
from dataclasses import replace

import pytest

from badgateway.integration.model import Start
from badgateway.plan.model import Step
from badgateway.play.copies import Copies
from badgateway.play.deploying import put_back
from badgateway.play.steps import take

DEPLOY, RETIRE = Step(2, "deploy"), Step(4, "retire")


def played(lab, *steps, has_next=True, plan=None):
    """Take steps; the next version, where there is one, is another shop over the same world."""

    async def story():
        async with lab.on_stage(plan or lab.a_plan(), lab.describe("sync")) as (stage, shop, hook):
            following = lab.Shop(shop.worlds, shop.description, statuses=shop.statuses)
            following.base_url = shop.base_url = stage.world.endpoint.url.removesuffix("/hook")
            shop.next_version = following if has_next else None
            for step in steps:
                await take(stage, step)
            last = stage.handle
            await put_back(stage, shop)
            return stage, (shop, following, last), hook

    return asyncio.run(asyncio.wait_for(story(), 60))


def instances(lab, stage, kind):
    return [one["instance"] for one in lab.told(stage.world, kind)]


def test_operations_and_webhooks_go_to_the_copies_in_turn_and_the_journal_says_to_which(lab):
    sync = Step(3, "sync")

    stage, (old, new, last), _ = played(lab, Step(1, "pay", "o1"), DEPLOY, sync, sync, sync)

    assert instances(lab, stage, "op.invoked") == [None, "old", "new", "old"]
    assert old.operated == ["pay", "sync", "sync"]
    assert new.operated == ["sync"]
    assert last is old


def test_webhooks_of_a_deployment_alternate_too(lab):
    stage, _, hook = played(lab, DEPLOY, Step(3, "pay", "o1"))

    told = instances(lab, stage, "webhook.sent")
    assert told == [("old", "new")[place % 2] for place in range(len(told))]
    assert len(hook.types) == len(told) > 1


def test_two_look_up_jobs_at_once_run_one_on_each_copy(lab):
    jobs = Step(3, "together", members=(Step(3, "sync"), Step(3, "sync")))

    _, (old, new, _), _ = played(lab, Step(1, "pay", "o1"), DEPLOY, jobs)

    assert (old.operated, new.operated) == (["pay", "sync"], ["sync"])


def test_after_the_old_version_retired_the_new_one_is_asked_alone(lab):
    stage, (old, new, last), _ = played(lab, Step(1, "pay", "o1"), DEPLOY, RETIRE, Step(5, "sync"))

    assert last is new
    assert instances(lab, stage, "op.invoked") == [None, "new"]
    assert [one["is_expected"] for one in lab.told(stage.world, "process.exited")] == [True]
    assert old.operated == ["pay"]


def test_the_next_play_finds_the_first_version_again(lab):
    stage, (old, _, _), _ = played(lab, DEPLOY, RETIRE)

    assert stage.handle is old


def test_a_kill_during_a_deployment_ends_both_and_a_restart_starts_both(lab):
    async def story():
        description = replace(lab.describe(), start=Start(("shop",)))
        async with lab.on_stage(lab.a_plan(), description) as (stage, shop, _):
            shop.next_version = lab.Shop(shop.worlds, description)
            for do in ("deploy", "kill", "restart"):
                await take(stage, Step(1, do))
            return stage.world

    world = asyncio.run(story())

    assert lab.kinds(world, "process.started", "process.killed") == [
        "process.started", "process.killed", "process.killed", "process.started", "process.started",
    ]  # fmt: skip


@pytest.mark.parametrize(("steps", "skipped"), [((DEPLOY,), "deploy"), ((RETIRE,), "retire")])
def test_what_badgateway_yaml_does_not_describe_is_skipped_and_said(lab, steps, skipped):
    stage, _, _ = played(lab, *steps, has_next=False)

    assert [(one["do"], one["is_planned"]) for one in lab.told(stage.world, "run.skipped")] == [
        (skipped, False)
    ]


def test_a_url_elsewhere_is_the_same_for_every_copy():
    copies = Copies("http://127.0.0.1:1", {"old": "http://127.0.0.1:1", "new": "http://127.0.0.1:2"})

    assert copies.place("http://127.0.0.1:1/hook", "new") == "http://127.0.0.1:2/hook"
    assert copies.place("http://localhost:9/hook", "new") == "http://localhost:9/hook"
    assert [copies.next("webhook") for _ in range(3)] == ["old", "new", "old"]
