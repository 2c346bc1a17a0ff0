"""People who see an undecided order, or none at all, look again before they act."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from badgateway.integration.model import OperationResult, ViewRead
from badgateway.plan.model import Step
from badgateway.play.stage import Stage
from badgateway.play.steps import ROUNDS_MAX, take

UNREADABLE = ViewRead(None, is_readable=False, problem="connection refused")


def shown(*views):
    return [one if isinstance(one, ViewRead) else ViewRead(one) for one in views]


def played(lab, views, *operations, polls=True):
    """Pay while a shop shows the first view, refund while it shows the others; give what came between."""

    @dataclass
    class Scripted(lab.Shop):
        views: list = field(default_factory=list)
        is_paid: bool = False

        async def view(self, values):  # noqa: ARG002 - the shop's own signature
            self.operated.append("view")
            if self.is_paid and len(self.views) > 1:
                del self.views[0]
            return self.views[0]

    async def story():
        declares = {"poll_interval_ms": 1} if polls else {}
        description = lab.describe("refund", *operations, **declares)
        async with lab.on_stage(lab.a_plan(), description) as (given, shop, _):
            scripted = Scripted(shop.worlds, description, views=shown(*views))
            stage = Stage(given.world, scripted, given.courier, given.before_reply)
            await take(stage, Step(1, "pay", "o1"))
            scripted.operated.clear()
            scripted.is_paid = True
            await take(stage, replace(Step(2, "refund", "o1"), amount_minor=4999))
            return scripted.operated

    asked = asyncio.run(asyncio.wait_for(story(), 60))
    return asked[: asked.index("refund")]


def test_an_order_that_is_shown_as_paid_is_acted_on_at_once(lab):
    asked = played(lab, ["PAID"])

    assert asked == []


def test_a_pending_order_is_looked_at_again_until_the_polling_shop_knows(lab):
    asked = played(lab, ["PENDING", "PENDING", "PAID"])

    assert asked == ["view", "view"]


def test_nobody_waits_for_ever_for_a_shop_that_does_not_find_out(lab):
    asked = played(lab, ["PENDING"])

    assert asked == ["view"] * ROUNDS_MAX


def test_a_shop_with_a_job_to_trigger_is_asked_once(lab):
    asked = played(lab, ["PENDING"], "sync")

    assert asked == ["sync", "view"]


@pytest.mark.parametrize(
    ("views", "before"),
    [
        ([UNREADABLE, "PAID"], ["view"]),
        ([UNREADABLE, "PENDING", "PAID"], ["view", "view"]),
        ([UNREADABLE], ["view"]),
    ],
)
def test_a_page_that_did_not_open_is_opened_again_before_anybody_acts(lab, views, before):
    asked = played(lab, views)

    assert asked == before


def test_a_shop_that_neither_polls_nor_has_a_job_is_not_waited_for(lab):
    asked = played(lab, ["PENDING"], polls=False)

    assert asked == []


def disputed(lab, *operations):
    """Dispute an order that was filed and is paid only when it is looked at for the second time."""

    @dataclass
    class Slow(lab.Shop):
        looks: int = 0

        async def operate(self, operation, values, barrier=None):
            if operation == "pay":
                self.values = values
                return OperationResult("info", 202, "PENDING", 1.0)
            return await super().operate(operation, values, barrier)

        async def view(self, values):  # noqa: ARG002 - the shop's own signature
            self.looks += 1
            if self.looks == 2:
                await super().operate("pay", self.values)
            return ViewRead("PENDING" if self.looks < 2 else "PAID")

    async def story():
        description = lab.describe(*operations, poll_interval_ms=1)
        async with lab.on_stage(lab.a_plan(), description) as (given, shop, _):
            slow = Slow(shop.worlds, description)
            stage = Stage(given.world, slow, given.courier, given.before_reply)
            await take(stage, Step(1, "pay", "o1"))
            await take(stage, Step(2, "dispute", "o1", result="open"))
            return stage.world

    return asyncio.run(asyncio.wait_for(story(), 60))


def test_a_bank_has_nothing_to_dispute_before_a_shop_that_works_later_has_charged(lab):
    world = disputed(lab)

    assert lab.told(world, "run.skipped") == []
    assert [one["do"] for one in lab.told(world, "op.acted")] == ["dispute"]


def test_where_a_job_can_be_triggered_the_story_itself_says_when(lab):
    world = disputed(lab, "sync")

    assert [one["why"] for one in lab.told(world, "run.skipped")] == ["no payment is in a state for it"]


@pytest.mark.parametrize(
    ("polls", "operations", "why"),
    [
        (True, (), []),
        (True, ("sync",), []),
        (False, (), ["badgateway.yaml describes no operation 'sync'"]),
    ],
)
def test_a_look_is_triggered_or_waited_for_and_a_story_that_can_do_neither_says_so(
    lab, polls, operations, why
):
    async def story():
        description = lab.describe(*operations, **({"poll_interval_ms": 1} if polls else {}))
        async with lab.on_stage(lab.a_plan(), description) as (stage, shop, _):
            await take(stage, Step(1, "pay", "o1"))
            await take(stage, Step(2, "sync"))
            return stage.world, shop.operated

    world, operated = asyncio.run(asyncio.wait_for(story(), 60))

    assert [one["why"] for one in lab.told(world, "run.skipped")] == why
    assert operated == ["pay", *operations]


@pytest.mark.parametrize(
    ("says", "paid", "why"),
    [
        ({"price": "{amount_minor}"}, 2, []),
        (None, 1, ["the request that pays names no amount, so the new price would never be told"]),
    ],
)
def test_a_new_price_is_only_asked_of_who_can_be_told_of_it(lab, says, paid, why):
    described = lab.describe()
    pay = replace(described.operations["pay"], json=says)
    description = replace(described, operations={**described.operations, "pay": pay})

    async def story():
        async with lab.on_stage(lab.a_plan(), description) as (given, shop, _):
            for n, minor in ((1, None), (2, 5_999)):
                await take(given, replace(Step(n, "pay", "o1"), amount_minor=minor))
            return shop.operated.count("pay"), [one["why"] for one in lab.told(given.world, "run.skipped")]

    assert asyncio.run(asyncio.wait_for(story(), 60)) == (paid, why)
