"""A world without a player, as `badgateway serve` runs it: gates open, webhooks as they fall due."""

from __future__ import annotations

import asyncio

from badgateway.ground.clock import wall_ms
from badgateway.play.posting import send_copies
from badgateway.play.telling import tell
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier

TICK_S = 0.02
BURST_CUTOFF_MS = 500.0


async def attend(world: World, courier: Courier) -> None:
    """Keep a free world's time, do what its provider does by itself, and send webhooks, until cancelled."""
    assert world.is_free, "a world with a player needs no attendant"
    while True:
        world.clock.jump_to(wall_ms())
        world.account.cause = "act:due"
        if world.account.book.run_due():
            tell(world)
        while item := world.outbox.take_due(world.clock.now_ms(), world.delivered):
            await send_copies(world, courier, item, BURST_CUTOFF_MS)
        await asyncio.sleep(TICK_S)
