"""Settlement steps of a story, from the book to the journal and the report."""

import asyncio

import pytest

from badgateway.integration.model import SettlementRead
from badgateway.plan.model import Step
from badgateway.play.account import Tenant
from badgateway.play.settling import adjust, pay_out, read_settlement, settle
from badgateway.play.world import make_world
from badgateway.providers.base import Endpoint


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


KEY_B, PLACE_B = "sk_live_of_b", Endpoint("http://127.0.0.1:9/b", "whsec_of_b")


@pytest.fixture
def two(lab):
    """Give a world of two merchants, each paid 49.99 EUR through its own account."""
    orders = (lab.order("o1", merchant="a"), lab.order("o2", merchant="b"))
    plan, plain = lab.a_plan(orders=orders, merchants=("a", "b")), lab.a_world()
    tenants = (Tenant("main", lab.KEY, plain.endpoint), Tenant("second", KEY_B, PLACE_B, is_live=True))
    world = make_world(
        plan, plain.dialect, plain.journal, plain.clock, plain.ids, lab.KEY, plain.endpoint, tenants
    )
    world.is_free = True
    lab.ask_now(world, lab.pay(world, "o1"), lab.pay(world, "o2", api_key=KEY_B))
    world.outbox.items.clear()
    return world


def played(lab, world, *steps):
    """Play settlement steps in a world, without delivering what they tell."""

    async def play():
        async with lab.on_stage(world.plan, lab.describe("settlement")) as (stage, shop, _):
            stage.world = world

            async def report():
                made = (one for account in world.accounts for one in account.book.settlement.payouts())
                return SettlementRead(tuple({"payout": one.id} for one in made), ("fees",))

            shop.settlement = report
            for do, step in steps:
                await do(stage, step)

    asyncio.run(play())
    return world


def test_a_merchant_is_settled_and_paid_out_by_itself(lab, two):
    played(lab, two, (settle, Step(2, "settle", merchant="b")), (pay_out, Step(3, "payout", merchant="b")))

    (line,), (payout,) = lab.told(two, "settlement.line"), lab.told(two, "settlement.payout")
    assert [entry.order for entry in two.journal.entries if entry.kind == "settlement.line"] == ["o2"]
    assert (line["gross_minor"], payout["amount_minor"]) == (4_999, 4_899)
    assert [one["rows"] for one in lab.told(two, "settlement.read")] == [[{"payout": payout["payout"]}]]


def test_the_first_merchant_is_meant_where_none_is_named_and_what_is_the_others_waits(lab, two):
    played(lab, two, SETTLE, PAYOUT)

    assert [entry.order for entry in two.journal.entries if entry.kind == "settlement.line"] == ["o1"]
    assert lab.told(two, "run.skipped") == []


def test_a_payout_is_told_to_its_own_merchant_in_its_own_mode(lab, two):
    played(lab, two, (settle, Step(2, "settle", merchant="b")), (pay_out, Step(3, "payout", merchant="b")))

    sent = lab.told(two, "webhook.sent")
    shown = {kind: one.event.body for one in two.outbox.items for kind in [one.event.wire_type]}
    assert {one["merchant"] for one in sent} == {"b"}
    assert all(b'"livemode": true' in body for body in shown.values())


def test_an_adjustment_changes_the_balance_of_the_merchant_that_it_names(lab, two):
    taken = Step(3, "adjust", amount_minor=500, currency="EUR", reason="charge", merchant="b")

    played(lab, two, (settle, Step(2, "settle", merchant="b")), (adjust, taken))

    nets = [sum(line.net_minor for line in one.book.settlement.lines()) for one in two.accounts]
    assert nets == [0, 4_899 - 500]
