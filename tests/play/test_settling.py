"""Settlement steps of a story, from the book to the journal and the report."""

import asyncio

import pytest

from badgateway.integration.model import SettlementRead
from badgateway.plan.model import Step
from badgateway.play.settling import adjust, pay_out, read_settlement, settle


def story(lab, *steps, plan=None, is_paid=True, description=None):
    """Play steps after a payment; give the world with what it has queued, and the reports read."""

    async def play():
        async with lab.on_stage(plan or lab.a_plan(), description) as (stage, shop, _):
            stage.world.is_free = True
            reads = []

            async def report():
                reads.append(True)
                made = [{"payout": one.id} for one in stage.world.account.book.settlement.payouts()]
                return SettlementRead(({"payout": "po_of_last_week"}, *made), ("fees",))

            shop.settlement = report
            if is_paid:
                await lab.ask(shop.worlds, lab.pay(stage.world))
            stage.world.outbox.items.clear()
            for do, step in steps:
                await do(stage, step)
            await read_settlement(stage)
            return stage.world, reads

    return asyncio.run(play())


SETTLE, PAYOUT = (settle, Step(2, "settle")), (pay_out, Step(3, "payout"))


def test_a_payout_is_journalled_with_its_lines(lab):
    world, _ = story(lab, SETTLE, PAYOUT)

    (payout,), (line,) = lab.told(world, "settlement.payout"), lab.told(world, "settlement.line")

    assert (payout["amount_minor"], payout["currency"], payout["cause"]) == (4_899, "EUR", "act:payout")
    assert (line["term"], line["gross_minor"], line["fee_minor"], line["flaw"]) == (
        "captured",
        4_999,
        100,
        None,
    )
    assert (line["stated_gross_minor"], line["payout"]) == (4_999, payout["payout"])
    assert [kind for kind, _ in lab.ledger(world)] == ["auth", "capture", "fee", "payout"]
    assert [entry.order for entry in world.journal.entries if entry.kind == "settlement.line"] == ["o1"]


def test_the_event_of_a_payout_is_about_no_order(lab):
    world, _ = story(lab, SETTLE, PAYOUT)

    events = [entry for entry in world.journal.entries if entry.kind == "event.created"][-3:]

    assert [entry.data["wire_type"] for entry in events] == [
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
    ]
    assert {entry.order for entry in events} == {None}
    assert [one["name"] for one in lab.told(world, "webhook.sent") if one["name"]] == ["payout.paid"]


def test_its_event_can_be_lost(lab):
    plan = lab.a_plan(deliveries=(lab.delivery("payout.paid[1]", is_lost=True),))

    world, _ = story(lab, SETTLE, PAYOUT, plan=plan)

    assert [one["name"] for one in lab.told(world, "webhook.lost")] == ["payout.paid"]
    assert [one["name"] for one in lab.told(world, "webhook.sent") if one["name"]] == []


@pytest.mark.parametrize(
    ("flaw", "stated"), [("missing", 0), ("late", 0), ("repeated", 9_998), ("misstated", 4_500)]
)
def test_a_flaw_is_journalled_beside_the_truth(lab, flaw, stated):
    world, _ = story(lab, (settle, Step(2, "settle", flaw=flaw)), PAYOUT)

    (line,) = lab.told(world, "settlement.line")

    assert (line["flaw"], line["gross_minor"], line["stated_gross_minor"]) == (flaw, 4_999, stated)


@pytest.mark.parametrize(
    ("reason", "amount"), [("reserve", -500), ("charge", -500), ("release", 500), ("credit", 500)]
)
def test_an_adjustment_takes_or_gives(lab, reason, amount):
    step = Step(3, "adjust", amount_minor=500, currency="EUR", reason=reason)

    world, _ = story(lab, SETTLE, (adjust, step), PAYOUT)

    assert lab.told(world, "settlement.line")[-1]["gross_minor"] == amount
    assert lab.told(world, "settlement.payout")[0]["amount_minor"] == 4_899 + amount
    assert lab.told(world, "op.acted")[1]["detail"] == reason


def test_a_step_that_finds_nothing_is_told(lab):
    world, _ = story(lab, SETTLE, PAYOUT, is_paid=False)

    assert [(one["do"], one["why"]) for one in lab.told(world, "run.skipped")] == [
        ("settle", "nothing has moved"),
        ("payout", "nothing settled is left"),
    ]


def test_a_balance_below_nothing_waits_and_is_no_missed_step(lab):
    step = Step(3, "adjust", amount_minor=9_000, currency="EUR", reason="reserve")

    world, _ = story(lab, SETTLE, (adjust, step), PAYOUT)

    assert lab.told(world, "run.skipped") == lab.told(world, "settlement.payout") == []


def test_the_report_is_read_where_there_was_a_payout(lab):
    described = lab.describe("settlement")

    world, reads = story(lab, SETTLE, PAYOUT, description=described)
    quiet, none = story(lab, SETTLE, description=described)

    assert (len(reads), none) == (2, [])  # when it is paid out, and in the end
    payout = lab.told(world, "settlement.payout")[0]["payout"]
    assert [one["rows"] for one in lab.told(world, "settlement.read")] == [[{"payout": payout}]] * 2
    assert lab.told(quiet, "settlement.read") == []


def test_no_report_is_asked_of_who_has_none(lab):
    _, reads = story(lab, SETTLE, PAYOUT)

    assert reads == []
