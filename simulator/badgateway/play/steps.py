"""What shoppers, merchants and operators do: each step of the story becomes operations of the integration."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from badgateway.plan.model import Step
from badgateway.play.acts import ACTS, act
from badgateway.play.deploying import deploy, retire
from badgateway.play.life import restart, revive
from badgateway.play.operating import open_order, operate, skip, sync
from badgateway.play.posting import post_due
from badgateway.play.quiescence import pass_time
from badgateway.play.racing import race
from badgateway.play.settling import adjust, pay_out, settle
from badgateway.play.stage import Stage
from badgateway.play.views import read_opened, read_view

# Nobody does these while the order is shown as undecided.
PATIENT = ("pay", "increment", "capture", "refund", "cancel")
UNDECIDED = ("PENDING", "UNPAID")
ROUNDS_MAX = 3  # of an integration that polls: a busy machine may make it miss one


async def take(stage: Stage, step: Step) -> None:
    """Take one step, let everything that it causes happen, and read the views."""
    if step.do in ACTS:
        if not ACTS[step.do](stage.world, step) and not stage.handle.offers("sync"):
            # An integration that answers first and charges later may not have begun.
            await _let_it_settle(stage, step)
        act(stage, step)
    else:
        await HOW.get(step.do, _operate)(stage, step)
    await revive(stage)
    # What is shown before the webhooks come is what they must not take back.
    await read_opened(stage, "step")
    await post_due(stage)
    await read_opened(stage, "step")


async def _operate(stage: Stage, step: Step) -> None:
    if step.do in PATIENT and not step.is_again:
        await _let_it_settle(stage, step)
    if step.renews is not None and not step.is_again:
        await _let_it_settle(stage, Step(step.n, step.do, step.renews))
    if not await open_order(stage, step):
        return
    if beside := stage.world.outbox.take_beside(step.do, step.order):
        await race(stage, [step], beside)
        return
    task = stage.spawn(operate(stage, step))
    await stage.drive(task)
    task.result()


async def _together(stage: Stage, step: Step) -> None:
    for order in dict.fromkeys(one.order for one in step.members if one.do in PATIENT and not one.is_again):
        await _let_it_settle(stage, Step(step.n, step.do, order))
    members = [member for member in step.members if await open_order(stage, member)]
    beside = [item for one in members for item in stage.world.outbox.take_beside(one.do, one.order)]
    achieved = [await race(stage, members, beside)]
    achieved += [await race(stage, members, ()) for _ in range(1, step.repeat)]
    if step.repeat > 1:
        stage.world.journal.write(
            "run.barrier",
            what=f"step {step.n}: {step.repeat} bursts",
            is_achieved=all(achieved),
            strength="repeat",
            waited_ms=0,
        )


async def _let_it_settle(stage: Stage, step: Step) -> None:
    """Do as people do who see a pending order: wait for the integration to look again, then act."""
    order, view = step.order or "", stage.views.get(step.order or "")
    if view is not None and not view.is_readable:
        # Whoever cannot open the page looks again before they act: a killed process may be back by now.
        view = await read_view(stage, order, "step")
    if view is None or view.status not in UNDECIDED:
        return
    declares = stage.handle.description.declares
    if stage.handle.offers("sync"):
        await sync(stage, step.n)
        await read_opened(stage, "step")
    elif declares.poll_interval_ms is not None:
        for _ in range(ROUNDS_MAX):
            await _wait_a_round(stage, declares.poll_interval_ms)
            # A mere look of the integration counts as no happening, so its view is read in any case.
            if (await read_view(stage, order, "step")).status not in UNDECIDED:
                return


async def _wait_a_round(stage: Stage, poll_interval_ms: int) -> None:
    await stage.drive(stage.spawn(asyncio.sleep(poll_interval_ms * 1.5 / 1000)))


async def _sync(stage: Stage, step: Step) -> None:
    interval_ms = stage.handle.description.declares.poll_interval_ms
    if not stage.handle.offers("sync") and interval_ms is not None:
        await _wait_a_round(stage, interval_ms)  # it looks by itself, as often as it declares
        return
    if not stage.handle.offers("sync"):
        skip(stage, step, "badgateway.yaml describes no operation 'sync'")
        return
    if beside := stage.world.outbox.take_beside("sync", None):
        await race(stage, [step], beside)
        return
    await sync(stage, step.n)


async def _advance(stage: Stage, step: Step) -> None:
    stage.world.aged_ms += step.by_ms
    await pass_time(stage, stage.world.clock.now_ms() + step.by_ms, "step")


async def _kill(stage: Stage, step: Step) -> None:
    if stage.handle.description.start is None:
        skip(stage, step, "badgateway.yaml does not say how to start the integration")
        return
    await stage.kill(f"step {step.n}")


async def _restart(stage: Stage, step: Step) -> None:
    if stage.handle.description.start is None:
        skip(stage, step, "badgateway.yaml does not say how to start the integration")
        return
    await restart(stage)


async def _abandon(stage: Stage, step: Step) -> None:
    stage.world.journal.write(
        "op.acted", step.order, do="abandon", payment=None, detail="the shopper went away"
    )


HOW: dict[str, Callable[[Stage, Step], Awaitable[None]]] = {
    "together": _together,
    "sync": _sync,
    "advance": _advance,
    "kill": _kill,
    "restart": _restart,
    "deploy": deploy,
    "retire": retire,
    "abandon": _abandon,
    "settle": settle,
    "adjust": adjust,
    "payout": pay_out,
}
