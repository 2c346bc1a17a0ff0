"""The time of a world without a player: it is the wall clock's, and due things happen in it."""

from __future__ import annotations

import asyncio

from badgateway.ground.clock import wall_ms
from badgateway.play.keeping import keep_due
from badgateway.play.telling import tell
from badgateway.play.world import World

TICK_S = 0.02


async def until_heard(world: World) -> None:
    """Keep a free world's time until somebody is to be told of something; the plan has no deliveries."""
    while not is_heard(world):
        pass_time(world, wall_ms())
        await asyncio.sleep(TICK_S)


def is_heard(world: World) -> bool:
    """Say whether somebody hears of what a world's providers have to tell."""
    if world.endpoint is not None or world.outbox.items:
        return True
    return any(one.registers is not None and one.registers.registrations(one) for one in world.accounts)


def pass_time(world: World, until_ms: int) -> None:
    """Move a free world's time to a moment, idempotency keys age with it, and do what has fallen due."""
    world.clock.jump_to(until_ms)
    # Nobody jumps to the next due thing here: it is time that the integration has lived through as well.
    world.aged_ms = world.clock.advanced_ms
    for account in world.accounts:
        account.cause = "act:due"
        more = account.tells_more
        if account.book.run_due() or (more is not None and more.has_news(account)):
            keep_due(world, "due")
            tell(world)
