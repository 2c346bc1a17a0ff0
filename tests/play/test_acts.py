"""What the shopper's bank and the provider do by themselves."""

import asyncio

import pytest

from badgateway.plan.model import Step
from badgateway.play.acts import ACTS, act


def after(lab, do, plan=None, ask=lambda lab, world: [lab.pay(world)], **step):
    """Give a world in which an order was paid and then an act happened; only its webhooks are queued."""

    async def story():
        async with lab.on_stage(plan or lab.a_plan()) as (stage, shop, _):
            stage.world.is_free = True
            for one in ask(lab, stage.world):
                await lab.ask(shop.worlds, one)
            stage.world.outbox.items.clear()
            act(stage, Step(2, do, "o1", **step))
            return stage.world

    return asyncio.run(story())


def queued(world):
    return [item.event.name for item in world.outbox.items if item.event.name]


def test_a_dispute_is_opened(lab):
    world = after(lab, "dispute", result="open")

    assert lab.ledger(world)[2:] == [("dispute_open", 4999)]
    assert queued(world) == ["dispute.opened"]
    assert lab.told(world, "op.acted")[0]["detail"] is None


@pytest.mark.parametrize(("result", "kind"), [("won", "dispute_won"), ("lost", "dispute_lost")])
def test_a_dispute_that_nobody_opened_is_opened_and_closed(lab, result, kind):
    world = after(lab, "dispute", result=result)

    assert [one for one, _ in lab.ledger(world)[2:]] == ["dispute_open", kind]
    assert queued(world) == ["dispute.opened", f"dispute.{result}"]


def test_a_returned_debit_is_a_dispute_that_is_lost_at_once(lab):
    world = after(lab, "return_debit", reason="debit_not_authorized")

    (payment,) = world.account.book.payments()
    (dispute,) = world.account.book.disputes_of(payment.id)
    assert [kind for kind, _ in lab.ledger(world)[2:]] == ["dispute_open", "dispute_lost"]
    assert (dispute.reason, dispute.status) == ("debit_not_authorized", "lost")
    assert queued(world) == ["dispute.opened", "dispute.lost"]


def test_an_open_dispute_is_closed_and_not_opened_again(lab):
    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, shop, _):
            stage.world.is_free = True
            await lab.ask(shop.worlds, lab.pay(stage.world))
            act(stage, Step(2, "dispute", "o1", result="open"))
            act(stage, Step(3, "dispute", "o1", result="won"))
            return stage.world

    world = asyncio.run(story())

    assert [kind for kind, _ in lab.ledger(world)] == ["auth", "capture", "dispute_open", "dispute_won"]


def test_a_hold_expires(lab):
    manual = lab.a_plan(orders=(lab.order(capture="manual"),))

    world = after(lab, "expire_authorization", manual)

    assert lab.ledger(world) == [("auth", 4999), ("expire", 4999)]
    assert queued(world) == ["payment.expired"]


def test_a_refund_fails(lab):
    def ask(lab, world):
        return [lab.pay(world)]

    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, shop, _):
            stage.world.is_free = True
            paid = await lab.ask(shop.worlds, *ask(lab, stage.world))
            refund = {"payment_intent": paid.body["id"], "amount": 1000}
            await lab.ask(shop.worlds, lab.request("POST", "/v1/refunds", refund))
            act(stage, Step(3, "fail_refund", "o1"))
            return stage.world

    world = asyncio.run(story())

    assert lab.ledger(world)[2:] == [("refund", 1000), ("refund_fail", 1000)]
    assert queued(world)[-1] == "refund.failed"


@pytest.mark.parametrize(
    ("is_passed", "status", "event"),
    [(True, "succeeded", "payment.succeeded"), (False, "new", "payment.failed")],
)
def test_a_challenge_is_passed_or_failed(lab, is_passed, status, event):
    def ask(lab, world):
        return [lab.pay(world, payment_method="pm_card_authenticationRequired")]

    world = after(lab, "authenticate", ask=ask, is_passed=is_passed)

    assert world.account.book.payments()[0].status == status
    assert event in queued(world)


def test_a_refund_from_the_dashboard_returns_what_is_left(lab):
    world = after(lab, "refund_from_dashboard")

    assert lab.ledger(world)[2:] == [("refund", 4999)]
    assert [one["cause"] for one in lab.told(world, "ledger.entry")][2:] == ["act:refund_from_dashboard"]


def test_more_than_is_left_is_refused_told_and_skipped(lab):
    world = after(lab, "refund_from_dashboard", amount_minor=9_999)

    assert [kind for kind, _ in lab.ledger(world)] == ["auth", "capture"]
    assert lab.told(world, "op.acted")[0]["detail"] == "amount_too_large"
    assert len(lab.told(world, "run.skipped")) == 1


# Whoever pays elsewhere needs no payment of ours for it.
@pytest.mark.parametrize("do", sorted(set(ACTS) - {"pay_elsewhere"}))
def test_an_act_that_cannot_apply_is_skipped_and_leaves_everything_as_it_is(lab, do):
    world = after(lab, do, ask=lambda _lab, _world: [])

    (skipped,) = lab.told(world, "run.skipped")
    assert (skipped["do"], skipped["step"], skipped["is_planned"]) == (do, 2, False)
    assert lab.ledger(world) == []
    assert world.outbox.items == []


def test_an_act_on_one_order_leaves_its_neighbour_alone(lab):
    two = lab.a_plan(orders=(lab.order("o1"), lab.order("o2")))

    world = after(lab, "dispute", two, lambda lab, world: [lab.pay(world, "o2")], result="open")

    assert [kind for kind, _ in lab.ledger(world)] == ["auth", "capture"]
    assert len(lab.told(world, "run.skipped")) == 1


def stages(lab, *steps):
    """Take several acts about one paid order; give the world."""

    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, shop, _):
            stage.world.is_free = True
            await lab.ask(shop.worlds, lab.pay(stage.world))
            stage.world.outbox.items.clear()
            for n, step in enumerate(steps, start=2):
                act(stage, Step(n, "dispute", "o1", **step))
            return stage.world

    return asyncio.run(story())


def test_an_inquiry_moves_no_money_and_the_chargeback_after_it_does(lab):
    asked = stages(lab, {"stage": "inquiry", "result": "open"})
    taken = stages(lab, {"stage": "inquiry", "result": "open"}, {"stage": "chargeback", "result": "lost"})

    assert lab.ledger(asked)[2:] == []
    assert queued(asked) == ["dispute.opened"]
    assert [kind for kind, _ in lab.ledger(taken)[2:]] == ["dispute_open", "dispute_lost"]


def test_what_was_won_can_be_lost_before_arbitration(lab):
    won, again = {"result": "won"}, {"stage": "pre_arbitration", "result": "lost"}

    world = stages(lab, won, again)

    kinds = [kind for kind, _ in lab.ledger(world)[2:]]
    assert kinds == ["dispute_open", "dispute_won", "dispute_open", "dispute_lost"]


@pytest.mark.parametrize("before", [[], [{"result": "lost"}], [{"result": "open"}]])
def test_nothing_comes_before_arbitration_but_what_was_won(lab, before):
    world = stages(lab, *before, {"stage": "pre_arbitration", "result": "lost"})

    assert [one["do"] for one in lab.told(world, "run.skipped")] == ["dispute"]
