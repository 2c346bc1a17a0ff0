"""Webhooks of a world without a player, several at a time: those about one payment go in their order."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from badgateway.play.keeping import keep_conclusion
from badgateway.play.posting import send_copies
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier
from badgateway.webhooks.outbox import Item

SENDERS_MAX = 16
BURST_CUTOFF_MS = 500.0


@dataclass(slots=True)
class Senders:
    """What is on its way to the integration; when one delivery ends, the next one begins."""

    world: World
    courier: Courier
    under_way: dict[asyncio.Task[None], str] = field(default_factory=dict)  # -> what its event is about
    _failed: BaseException | None = None
    _is_over: bool = False

    @property
    def at_once_max(self) -> int:
        """Give how many go at a time: one by one where a story says what comes before what."""
        return 1 if self.world.plan.deliveries else SENDERS_MAX

    def fill(self) -> None:
        """Begin what is due, as far as there is room; raises what went wrong with an earlier delivery."""
        if self._failed is not None:
            raise self._failed
        world = self.world
        busy = set(self.under_way.values())
        while len(self.under_way) < self.at_once_max:
            item = world.outbox.take_due(world.clock.now_ms(), world.delivered, busy)
            if item is None:
                return
            task = asyncio.ensure_future(self._send(item))
            self.under_way[task] = item.about
            busy.add(item.about)
            task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Give up what is on its way."""
        self._is_over = True
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    async def _send(self, item: Item) -> None:
        await send_copies(self.world, self.courier, item, BURST_CUTOFF_MS)
        keep_conclusion(self.world, item)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.under_way.pop(task)
        if task.cancelled() or self._is_over:
            return
        self._failed = self._failed or task.exception()
        if self._failed is None:
            self.fill()
