"""A world without a player, as `badgateway serve` runs it: gates open, webhooks as they fall due."""

from __future__ import annotations

import asyncio

from badgateway.ground.clock import wall_ms
from badgateway.play.posting import conclude, pack, settle
from badgateway.play.telling import tell
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier
from badgateway.webhooks.outbox import Item

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
            await _post(world, courier, item)
        await asyncio.sleep(TICK_S)


async def _post(world: World, courier: Courier, item: Item) -> None:
    parcels = [pack(world, item, copy) for copy in range(1, item.copies + 1)]
    if item.how == "at_once" and len(parcels) > 1:
        receipts = await asyncio.gather(*courier.send_at_once(parcels, BURST_CUTOFF_MS))
    else:
        receipts = [await courier.send(parcel) for parcel in parcels]
    for receipt in receipts:
        settle(world, item, receipt)
    conclude(world, item)
