"""One play in progress: its world, the running integration, and the driver that passes its calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from badgateway.ground.clock import monotonic_ms
from badgateway.play.exchange import Call
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier

if TYPE_CHECKING:
    from badgateway.integration.handle import Handle
    from badgateway.integration.model import ViewRead

QUIET_MS = 8.0  # nothing moves for so long: the integration is locally quiet

Task = asyncio.Future[Any]


@dataclass(slots=True)
class Stage:
    """What the steps of a play share."""

    world: World
    handle: Handle
    courier: Courier
    before_reply: Callable[[Stage, Call], Awaitable[None]]
    meanwhile: Callable[[Stage, Call], Awaitable[None]] | None = None  # while a call waits at the first gate
    captured: dict[str, dict[str, Any]] = field(default_factory=dict)  # order -> what its operations gave
    loose: list[Task] = field(default_factory=list)  # over a cut-off, still to be waited for
    views: dict[str, ViewRead] = field(default_factory=dict)  # last view of each order
    seen_at: dict[str, tuple[int, ...]] = field(default_factory=dict)  # order -> moment of its last view
    operations: int = 0
    refunds: dict[str, int] = field(default_factory=dict)  # order -> refunds asked for
    increments: dict[str, int] = field(default_factory=dict)  # order -> raises of its hold asked for
    raised_minor: dict[str, int] = field(default_factory=dict)  # order -> by how much it was said to rise
    loaded: set[int] = field(default_factory=set)  # indexes of the load that was asked
    late: dict[int, tuple[str | None, str | None]] = field(
        default_factory=dict
    )  # load -> call to ask it at again
    was_killed: bool = False  # by us, and not yet started again
    copies: dict[str, Handle] = field(default_factory=dict)  # by name, where a deployment made two
    is_struck_down: bool = False  # killed at a barrier, to be started again without a step

    def moment(self) -> tuple[int, ...]:
        """Give a mark that changes with everything that may change a view."""
        world = self.world
        return (
            self.operations,
            world.sent,
            world.ledger_seen,
            world.asked,
            world.clock.advanced_ms,
            world.effects_seen,
        )

    @property
    def running(self) -> tuple[Handle, ...]:
        """Give every copy of the integration, the older first."""
        return tuple(self.copies.values()) or (self.handle,)

    @property
    def cutoff_ms(self) -> float:
        """Give how long a barrier may hold anything: a quarter of the declared deadline, real time."""
        return self.handle.description.declares.deadline_ms / 4

    @property
    def quiet_ms(self) -> float:
        """Give how long to listen before believing in silence; nothing, where nothing happens by itself."""
        return 0.0 if self.handle.description.declares.background_ms == 0 else QUIET_MS

    async def drive(self, *tasks: Task, cutoff_ms: float | None = None) -> bool:
        """Pass parked calls one by one until the tasks are done and all is quiet; False: cut off."""
        gates = self.world.gates
        waited = [*tasks, *(task for task in self.loose if not task.done())]
        ends = None if cutoff_ms is None else monotonic_ms() + cutoff_ms
        while True:
            parked = gates.parked()
            if parked:
                await self.pass_call(parked[0])
                continue
            left = None if ends is None else ends - monotonic_ms()
            if left is not None and left <= 0:
                return False
            if all(task.done() for task in waited) and not gates.is_busy():
                since = monotonic_ms()
                has_moved = await gates.changed((), self.quiet_ms)
                gates.quiet_ms += monotonic_ms() - since
                if not has_moved:
                    self.loose = [task for task in self.loose if not task.done()]
                    return True
                continue
            await gates.changed(waited, left)

    async def pass_call(self, call: Call) -> None:
        """Let one call through both gates, with what must happen before its reply in between."""
        if self.meanwhile is not None:
            await self.meanwhile(self, call)
        call.let_in()
        await call.at_exit.wait()
        if call.is_committed and not call.is_settled:
            await self.before_reply(self, call)
            call.let_out()
        await self._see_off(call)

    async def _see_off(self, call: Call) -> None:
        """Wait until a call is answered, or until a fault has it; who asked may have to die of it."""
        if not call.is_lingering:
            await call.settled.wait()
        if call.is_fatal:
            await self.strike_down(f"{call.id} was under way", call.order)

    async def kill(self, why: str, order: str | None = None) -> None:
        """Kill the process on the spot, whatever it does; one that is not ours lives on, and that is told."""
        if self.handle.description.start is None:
            why = "badgateway.yaml does not say how to start the integration, so it is not killed"
            self.world.journal.write("run.skipped", order, step=0, do="kill", why=why, is_planned=False)
            return
        self.was_killed = True
        for handle in self.running:
            self.world.journal.write("process.killed", pid=handle.pid or 0, why=why)
            await handle.kill()

    async def strike_down(self, why: str, order: str | None = None) -> None:
        """Kill the process at a barrier of the story; it is started again where the story goes on."""
        await self.kill(why, order)
        self.is_struck_down = self.was_killed

    async def meet(
        self, tasks: list[Task], what: str, strength: str = "gate", *, is_again: bool = False
    ) -> list[Call]:
        """Wait until every task has parked a call or is over; give the calls that wait.

        A meeting of those who met before is told only where it came about.
        """
        gates, since = self.world.gates, monotonic_ms()
        while len(gates.parked()) + sum(task.done() for task in tasks) < len(tasks):
            left = since + self.cutoff_ms - monotonic_ms()
            if left <= 0 or not await gates.changed(tasks, left):
                break
        parked = gates.parked()
        if is_again and len(parked) < 2:
            return parked
        self.world.journal.write(
            "run.barrier",
            what=what,
            is_achieved=len(parked) > 1,
            strength=strength,
            waited_ms=round(monotonic_ms() - since, 1),
        )
        return parked

    async def pass_together(self, calls: list[Call]) -> None:
        """Let several parked calls commit one after the other, and answer none before all are committed."""
        for call in calls:
            if self.meanwhile is not None:
                await self.meanwhile(self, call)
        turn = self.world.plan.interleaving % len(calls) if calls else 0
        for call in [*calls[turn:], *calls[:turn]]:
            call.let_in()
            await call.at_exit.wait()
        for call in calls:
            call.let_out()
        for call in calls:
            await self._see_off(call)

    def spawn(self, work: Awaitable[Any]) -> Task:
        """Start something that the integration has to answer, and wake the driver when it is over."""
        task = asyncio.ensure_future(work)
        task.add_done_callback(lambda _: self.world.gates.note())
        return task
