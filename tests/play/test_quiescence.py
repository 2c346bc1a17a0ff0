"""Coming to rest: what falls due is reached in virtual time, and what never comes is not waited for."""

import asyncio

from badgateway.plan.model import Step
from badgateway.play.quiescence import come_to_rest, pass_time
from badgateway.play.steps import take

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def at_rest(lab, plan, description=None, answers=(200,)):
    """Pay, come to rest, and give the world, the shop and its webhook endpoint."""

    async def story():
        async with lab.on_stage(plan, description, answers) as (stage, shop, hook):
            await take(stage, Step(1, "pay", "o1"))
            await come_to_rest(stage)
            return stage.world, shop, hook

    return asyncio.run(story())


def finished(lab, world):
    (entry,) = lab.told(world, "run.finished")
    return entry["is_quiescent"], entry["why"]


def test_a_good_day_comes_to_rest_without_moving_the_clock(lab):
    world, _, hook = at_rest(lab, lab.a_plan())

    assert finished(lab, world) == (True, None)
    assert world.clock.advanced_ms == 0
    assert sorted(hook.types) == ["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"]
    assert [entry["name"] for entry in lab.told(world, "run.phase")] == ["heal", "final_read"]


def test_a_pending_outcome_is_reached_by_jumping(lab):
    world, _, hook = at_rest(lab, lab.a_plan(orders=(lab.order(card="pending_then_succeeds"),)))

    assert "payment_intent.succeeded" in hook.types
    assert world.account.book.payments()[0].status == "succeeded"
    assert world.clock.advanced_ms == 3 * DAY_MS


def test_the_expiry_of_a_hold_is_not_waited_for(lab):
    world, _, _ = at_rest(lab, lab.a_plan(orders=(lab.order(capture="manual"),)))

    assert world.account.book.payments()[0].status == "authorized"
    assert world.clock.advanced_ms == 0


def test_an_advance_past_it_lets_a_hold_expire_and_tells_it(lab):
    async def story():
        plan = lab.a_plan(orders=(lab.order(capture="manual"),))
        async with lab.on_stage(plan) as (stage, _, hook):
            await take(stage, Step(1, "pay", "o1"))
            await pass_time(stage, stage.world.clock.now_ms() + 8 * DAY_MS, "step")
            return stage.world, hook

    world, hook = asyncio.run(story())

    assert world.clock.advanced_ms == 8 * DAY_MS
    assert lab.ledger(world)[-1] == ("expire", 4999)
    assert "payment_intent.canceled" in hook.types
    assert sum(entry["by_ms"] for entry in lab.told(world, "run.advanced")) == 8 * DAY_MS


def test_a_refused_webhook_comes_again_in_virtual_time_until_it_is_taken(lab):
    world, _, hook = at_rest(lab, lab.a_plan(), answers=(500, 500, 500, 200))

    assert [entry["attempt"] for entry in lab.told(world, "webhook.sent")] == [1, 1, 1, 2, 2, 2]
    assert world.clock.advanced_ms == HOUR_MS
    assert len(hook.bodies) == 6
    assert lab.told(world, "webhook.lost") == []


def test_a_ladder_that_is_exhausted_is_journalled_as_lost(lab):
    world, _, hook = at_rest(lab, lab.a_plan(), answers=(500,))

    lost = lab.told(world, "webhook.lost")
    assert [entry["why"] for entry in lost] == ["exhausted"] * 3
    assert len(hook.bodies) == 3 * (1 + len(world.dialect.retry_ladder_ms))
    assert world.clock.advanced_ms == sum(world.dialect.retry_ladder_ms)
    assert finished(lab, world) == (True, None)


def test_a_late_copy_comes_once_all_is_quiet_and_virtual_time_has_passed(lab):
    late = lab.delivery("o1.payment.succeeded[1]", copies=2, is_late=True)

    world, _, hook = at_rest(lab, lab.a_plan(deliveries=(late,)))

    assert hook.types.count("payment_intent.succeeded") == 2
    assert hook.types[-1] == "payment_intent.succeeded"
    assert lab.told(world, "webhook.sent")[-1]["class"] == "duplicate"
    assert world.clock.advanced_ms == HOUR_MS


def test_a_late_delivery_with_a_delay_comes_too(lab):
    late = lab.delivery("o1.payment.succeeded[1]", is_late=True, delay_ms=2 * HOUR_MS)

    world, _, hook = at_rest(lab, lab.a_plan(deliveries=(late,)))

    assert hook.types[-1] == "payment_intent.succeeded"
    assert world.outbox.items == []


def test_a_late_delivery_that_is_refused_comes_again(lab):
    late = lab.delivery("o1.payment.succeeded[1]", is_late=True)

    world, _, hook = at_rest(lab, lab.a_plan(deliveries=(late,)), answers=(200, 200, 500, 200))

    assert hook.types[-2:] == ["payment_intent.succeeded"] * 2
    assert lab.told(world, "webhook.answered")[-1]["status"] == 200


def test_a_delivery_that_waits_in_vain_is_freed_and_the_barrier_was_not_achieved(lab):
    waiting = lab.delivery("o1.payment.succeeded[1]", after="o1.refund.succeeded[1]")

    world, _, hook = at_rest(lab, lab.a_plan(deliveries=(waiting,)))

    assert hook.types[-1] == "payment_intent.succeeded"
    assert [entry["is_achieved"] for entry in lab.told(world, "run.barrier")] == [False]


def test_a_delivery_that_waits_for_an_event_and_a_time_is_not_said_to_wait_in_vain(lab):
    waiting = lab.delivery(
        "o1.payment.succeeded[1]", after="stripe:charge.succeeded[1]", delay_ms=2 * HOUR_MS
    )

    world, _, hook = at_rest(lab, lab.a_plan(deliveries=(waiting,)))

    assert hook.types[-1] == "payment_intent.succeeded"
    assert lab.told(world, "run.barrier") == []
    assert world.clock.advanced_ms == 2 * HOUR_MS


def test_a_forged_event_that_is_politely_ignored_does_not_count_as_the_genuine_one(lab):
    """The shop answers 200 to the forgery, and 500 to the genuine event when it comes at last."""
    plan = lab.a_plan(
        orders=(lab.order(card="pending_then_succeeds"),),
        deliveries=(lab.delivery("o1.payment.succeeded[1]", signature="none"),),
    )

    async def story():
        async with lab.on_stage(plan) as (stage, _, hook):
            hook.refuses_once = "payment_intent.succeeded"
            await take(stage, Step(1, "pay", "o1"))
            await come_to_rest(stage)
            return stage.world

    world = asyncio.run(story())

    sent = [one for one in lab.told(world, "webhook.sent") if one["name"] == "payment.succeeded"]
    assert [(one["class"], one["attempt"]) for one in sent] == [
        ("forged", 1),
        ("genuine", 1),
        ("genuine", 2),
    ]


def test_a_forgery_may_be_late_delayed_or_waiting_as_any_other_delivery(lab):
    plan = lab.a_plan(
        deliveries=(
            lab.delivery("o1.payment.failed[1]", 1, signature="none", is_late=True),
            lab.delivery("o1.payment.voided[1]", 2, signature="garbage", delay_ms=2 * HOUR_MS),
            lab.delivery("o1.payment.succeeded[1]", 3, signature="none", after="o1.dispute.won[1]"),
        )
    )

    world, _, _ = at_rest(lab, plan)

    sent = [entry for entry in world.journal.entries if entry.kind == "webhook.sent"]
    forgeries = [entry for entry in sent if entry.data["class"] == "forged"]
    started = world.clock.started_ms
    assert [(entry.data["name"], entry.at_ms - started) for entry in forgeries] == [
        ("payment.voided", 2 * HOUR_MS),
        ("payment.succeeded", 2 * HOUR_MS),
        ("payment.failed", 3 * HOUR_MS),
    ]


def test_what_falls_due_after_the_horizon_keeps_the_play_from_being_at_rest(lab):
    far = lab.delivery("o1.payment.succeeded[1]", delay_ms=30 * DAY_MS)

    world, _, hook = at_rest(lab, lab.a_plan(deliveries=(far,)))

    assert "payment_intent.succeeded" not in hook.types
    assert finished(lab, world) == (False, "1 webhooks fall due more than 14 days after the start")


def test_faults_are_healed_before_the_rest(lab):
    planned = lab.fault("*", "after_commit", "close")

    world, shop, _ = at_rest(lab, lab.a_plan(faults=(planned,)))

    (healed,) = lab.ask_now(world, lab.pay(world))
    assert healed.status == 200
    assert shop.operated == ["pay"]


def test_the_declared_look_up_job_is_triggered_until_it_changes_nothing(lab):
    world, shop, _ = at_rest(lab, lab.a_plan(), lab.describe("sync", background_ms=None))

    assert shop.operated[0] == "pay"
    assert set(shop.operated[1:]) == {"sync"}
    assert finished(lab, world) == (True, None)


def test_asking_again_under_the_same_key_is_a_look_and_not_a_change(lab):
    class Asker(lab.Shop):
        async def operate(self, operation, _values, _barrier=None):
            self.operated.append(operation)
            world = self.worlds.current[0]
            card = "pm_card_authenticationRequired"
            heard = await lab.ask(self.worlds, lab.pay(world, idem="k1", payment_method=card))
            return lab.OperationResult("info", heard.status, "PENDING", 1.0)

    async def story():
        async with lab.on_stage(lab.a_plan(), lab.describe("sync")) as (stage, shop, _):
            stage.handle = Asker(shop.worlds, shop.description)
            await take(stage, Step(1, "pay", "o1"))
            await come_to_rest(stage)
            return stage.world

    world = asyncio.run(story())

    assert finished(lab, world) == (True, None)
    assert lab.told(world, "run.finished")[0]["rounds"] < 5


def test_an_integration_that_says_nothing_of_its_background_is_told_how_to_mend_it(lab):
    world, _, _ = at_rest(lab, lab.a_plan(), lab.describe(background_ms=None))

    is_quiescent, why = finished(lab, world)
    assert not is_quiescent
    assert "declare background or poll_interval in badgateway.yaml, or describe its sync" in why


def test_a_process_that_is_gone_at_the_end_is_said_to_be(lab):
    async def story():
        async with lab.on_stage(lab.a_plan()) as (stage, shop, _):
            await take(stage, Step(1, "pay", "o1"))
            shop.code = 7
            await come_to_rest(stage)
            return stage.world

    assert finished(lab, asyncio.run(story())) == (False, "the integration is not running")
