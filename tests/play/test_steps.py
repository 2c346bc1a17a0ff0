"""People who see an undecided order, or none at all, look again before they act."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from badgateway.integration.model import ViewRead
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
