"""A world without a player, as `badgateway serve` runs it: gates open, webhooks as they fall due."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from badgateway.ground.clock import wall_ms
from badgateway.play.freetime import TICK_S, pass_time
from badgateway.play.intruding import ATTACKERS, captured, forged, strangers
from badgateway.play.senders import Senders
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier
from badgateway.webhooks.outbox import Item

LATE_AFTER_MS = 2_000  # real, in which nothing happens: then late deliveries are sent


@dataclass(slots=True)
class Stillness:
    """How long nothing has happened in a free world; whoever works by hand is slow, but not for ever."""

    since_ms: int
    entries: int = 0

    def lasts(self, world: World) -> bool:
        """Say whether nothing was asked and nothing was sent for a while, and nobody waits for an answer."""
        now_ms, entries = world.clock.now_ms(), world.journal.count
        if entries != self.entries or world.gates.calls:
            self.entries, self.since_ms = entries, now_ms
        return now_ms - self.since_ms >= LATE_AFTER_MS


async def tell_freely(world: World, timeout_ms: int) -> None:
    """Keep a free world's time and send its webhooks, each waited for so long, until cancelled."""
    async with Courier(timeout_ms) as courier:
        await attend(world, courier)


async def attend(world: World, courier: Courier) -> None:
    """Keep a free world's time, do what its provider does by itself, and send webhooks, until cancelled."""
    assert world.is_free, "a world with a player needs no attendant"
    world.enqueue(list(strangers(world)))
    is_forged: set[int] = set()
    stillness = Stillness(world.clock.now_ms())
    senders = Senders(world, courier)
    try:
        while True:
            pass_time(world, wall_ms())
            senders.fill()
            if not senders.under_way:
                # An attacker knows an order once it was paid, and comes after what the provider had to tell.
                world.enqueue([*captured(world), *_forged_once(world, is_forged)])
                if stillness.lasts(world):
                    world.outbox.release_late(world.clock.now_ms(), after_ms=0)
            await asyncio.sleep(TICK_S)
    finally:
        await senders.stop()


def _forged_once(world: World, is_forged: set[int]) -> Iterator[Item]:
    """Make the forgeries about orders that have a payment by now, each of them once."""
    for delivery in world.plan.deliveries:
        if delivery.signature not in ATTACKERS or delivery.index in is_forged:
            continue
        order = delivery.event.order or world.plan.orders[0].name
        payments = [
            payment for account in world.accounts for payment in world.payments_of(order, account.book)
        ]
        if payments:
            is_forged.add(delivery.index)
            yield from forged(world, delivery, payments[-1].order_ref)
