"""Webhooks of a world without a player, several at a time: those about one payment go in their order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from badgateway.play.keeping import keep_conclusion
from badgateway.play.patience import is_disabled
from badgateway.play.posting import conclude, pack, send_copies, settle
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier, Receipt, Sending
from badgateway.webhooks.outbox import Item

SENDERS_MAX = 16
BURST_CUTOFF_MS = 500.0


@dataclass(slots=True)
class Senders:
    """What is on its way to the integration; when one delivery ends, the next one begins."""

    world: World
    courier: Courier
    # What an event is about -> what brings it.
    under_way: dict[str, asyncio.Task[None] | Sending] = field(default_factory=dict)
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
        world, under_way, most = self.world, self.under_way, self.at_once_max
        while len(under_way) < most:
            item = world.outbox.take_due(world.clock.now_ms(), world.delivered, under_way)
            if item is None:
                return
            self._begin(item)

    async def stop(self) -> None:
        """Give up what is on its way."""
        self._is_over = True
        begun = [*self.under_way.values()]
        for one in begun:
            one.cancel()
        await asyncio.gather(*[one for one in begun if isinstance(one, asyncio.Task)], return_exceptions=True)
        self.under_way.clear()

    def _begin(self, item: Item) -> None:
        """Begin to bring an item: without a task where it is a plain one, and a line is free."""
        world = self.world
        if item.copies > 1 or item.how == "at_once" or item.is_resent:
            self._spawn(item.about, self._send(item))
        elif is_disabled(world, item):
            keep_conclusion(world, item)
        else:
            parcel = pack(world, item, 1)
            sending = self.courier.send_now(parcel, partial(self._heard, item))
            if sending is None:
                self._spawn(item.about, self._bring(item, partial(self.courier.send, parcel)))
            else:
                self.under_way[item.about] = sending

    async def _send(self, item: Item) -> None:
        await send_copies(self.world, self.courier, item, BURST_CUTOFF_MS)
        keep_conclusion(self.world, item)

    async def _bring(self, item: Item, answer: Callable[[], Coroutine[Any, Any, Receipt]]) -> None:
        self._take(item, await answer())

    def _take(self, item: Item, receipt: Receipt) -> None:
        settle(self.world, item, receipt)
        conclude(self.world, item)
        keep_conclusion(self.world, item)

    def _heard(self, item: Item, sending: Sending) -> None:
        """Take in what came over a line; what is no plain answer is read on in a task."""
        receipt = sending.receipt
        if receipt is None:
            self._spawn(item.about, self._bring(item, sending.finish))
            return
        del self.under_way[item.about]
        try:
            self._take(item, receipt)
        except Exception as error:  # noqa: BLE001 - the connection would have it: `fill` raises it to who attends
            self._failed = self._failed or error
        self._go_on()

    def _spawn(self, about: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self.under_way[about] = task
        task.add_done_callback(partial(self._ended, about))

    def _ended(self, about: str, task: asyncio.Task[None]) -> None:
        self.under_way.pop(about, None)
        if not task.cancelled() and not self._is_over:
            self._failed = self._failed or task.exception()
            self._go_on()

    def _go_on(self) -> None:
        try:
            if self._failed is None:
                self.fill()
        except Exception as error:  # noqa: BLE001 - the loop would have it: `fill` raises it to who attends
            self._failed = error
