"""Deliberate races: operations and webhooks that meet at a last byte, and again inside their calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from badgateway.ground.barrier import Barrier
from badgateway.plan.model import Step
from badgateway.play.operating import operate, sync_orders
from badgateway.play.posting import conclude, pack, settle
from badgateway.play.stage import Stage, Task
from badgateway.webhooks.outbox import Item

MEETINGS_MAX = 20  # of the members of one race, each at one call


async def race(stage: Stage, members: Sequence[Step], beside: Sequence[Item]) -> bool:
    """Let operations and deliveries go at the same moment, and commit all calls that meet before one answer.

    Two strengths, each journalled as far as it was achieved: their last bytes leave together, and those
    that ask the provider are parked there until all have come. Says whether the last bytes met.
    """
    world = stage.world
    pairs = [(item, copy) for item in beside for copy in range(1, item.copies + 1)]
    for item in beside:
        item.how = "with"
    if not members and not pairs:
        return False
    barrier = Barrier(len(members) + len(pairs), stage.cutoff_ms)
    tasks = [stage.spawn(_member(stage, member, barrier)) for member in members]
    posted = [stage.spawn(stage.courier.send_behind(pack(world, *pair), barrier)) for pair in pairs]
    names = [*(member.do for member in members), *(item.event.wire_type for item, _ in pairs)]
    what = f"{' and '.join(names)} at the same moment"
    await _keep_step(stage, [*tasks, *posted], what)
    await stage.drive(*tasks, *posted)
    world.journal.write(
        "run.barrier", what=what, strength="last_byte", is_achieved=barrier.was_complete, waited_ms=0
    )
    for task in tasks:
        task.result()
    for (item, _), task in zip(pairs, posted, strict=True):
        settle(world, item, task.result())
    for item in beside:
        conclude(world, item)
    return barrier.was_complete


async def _keep_step(stage: Stage, tasks: list[Task], what: str) -> None:
    """Let members meet at the gate as often as they call, until one is over or does not come."""
    for n in range(MEETINGS_MAX):
        calls = await stage.meet([task for task in tasks if not task.done()], what, is_again=n > 0)
        await stage.pass_together(calls)
        if len(calls) < 2 or sum(not task.done() for task in tasks) < 2:
            return


async def _member(stage: Stage, step: Step, barrier: Barrier) -> None:
    """Send one side of a race; a look-up job that names orders goes through them, the first at once."""
    try:
        if step.do == "sync" and step.order is None:
            for name in sync_orders(stage):
                await operate(stage, replace(step, order=name), barrier)
        else:
            await operate(stage, step, barrier)
    finally:
        barrier.leave()
