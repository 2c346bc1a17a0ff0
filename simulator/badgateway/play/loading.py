"""Load: what is asked of the integration while one of its own calls is held at the gate."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from badgateway.ground.clock import monotonic_ms
from badgateway.integration.client import LOST, REFUSED, TIMEOUT
from badgateway.integration.model import OperationResult
from badgateway.plan.model import ANY, PlannedLoad, Selector, Step
from badgateway.play.exchange import Call
from badgateway.play.operating import skip
from badgateway.play.stage import Stage, Task
from badgateway.play.values import clock_values, order_values

_ABSENT = (LOST, REFUSED, TIMEOUT, "HTTP 5")


@dataclass(slots=True)
class _Hold:
    """One call that is kept waiting, and since when."""

    call: Call
    since_ms: float
    arrivals: int  # of calls before it was held; later ones are caused by what is asked meanwhile
    is_over: bool = False  # we let it go
    let_go_ms: float = 0.0

    @property
    def is_held(self) -> bool:
        return not self.is_over and not self.call.settled.is_set()

    def let_go(self) -> None:
        """Keep it no longer."""
        if not self.is_over:
            self.is_over, self.let_go_ms = True, monotonic_ms()

    @property
    def held_ms(self) -> float:
        return (self.let_go_ms if self.is_over else monotonic_ms()) - self.since_ms


async def ask_meanwhile(stage: Stage, call: Call) -> None:
    """Ask what the plan says while this call is held; goes on when all is answered, or after the cut-off.

    The call is let go early where the integration gives it up. What is still unanswered then is waited
    for by the driver, and asked once more when nothing is held, so that a slow machine is not blamed.
    """
    for load in stage.world.plan.load:
        if load.index in stage.loaded or not _selects(load.during, call):
            continue
        stage.loaded.add(load.index)
        hold = _Hold(call, monotonic_ms(), stage.world.arrivals)
        for on in load.on:
            for n in range(1, load.times + 1):
                if not hold.is_held or not stage.handle.offers(on):
                    break
                await _ask_within(stage, load, on, n, hold)
        hold.let_go()


def tell_unasked(stage: Stage) -> None:
    """Journal the load that no call set off, or that badgateway.yaml describes no operation for."""
    for load in stage.world.plan.load:
        if load.index not in stage.loaded:
            skip(stage, Step(0, "load", load.order), f"no call {load.during} came")
        for on in load.on:
            if not stage.handle.offers(on):
                skip(stage, Step(0, "load", load.order), f"badgateway.yaml describes no operation {on!r}")


def _selects(during: Selector, call: Call) -> bool:
    if during.name not in {ANY, call.op} or during.order not in {None, call.order}:
        return False
    return during.n is None or during.n == (call.n if during.name != ANY else call.arrival)


async def _ask_within(stage: Stage, load: PlannedLoad, on: str, n: int, hold: _Hold) -> None:
    gates, task = stage.world.gates, stage.spawn(_ask_once(stage, load, on, n, hold))
    while hold.is_held and not task.done():
        # What is asked may ask the provider itself; only the held calls stay where they are.
        caused = [call for call in gates.parked() if call.arrival > hold.arrivals]
        left_ms = stage.cutoff_ms - hold.held_ms
        if left_ms <= 0:
            break
        if caused:
            await stage.pass_call(caused[0])
        else:
            await gates.changed([task], left_ms)
    if task.done() and task.result():
        return
    hold.let_go()
    stage.loose.append(stage.spawn(_ask_again(stage, load, on, n, hold, task)))


async def _ask_once(stage: Stage, load: PlannedLoad, on: str, n: int, hold: _Hold) -> bool:
    """Ask, journal, and say whether there was an answer while the call was held."""
    result = await _ask(stage, load, on)
    is_in_time = hold.is_held
    _tell(stage, load, on, n, hold, result, is_in_time=is_in_time)
    return is_in_time and result.http_status is not None and result.http_status < 500


async def _ask_again(stage: Stage, load: PlannedLoad, on: str, n: int, hold: _Hold, first: Task) -> None:
    """Ask once more when the held call is over and nothing stands in the way."""
    await asyncio.wait({first})
    await hold.call.settled.wait()
    _tell(stage, load, on, n, hold, await _ask(stage, load, on), is_control=True)


async def _ask(stage: Stage, load: PlannedLoad, on: str) -> OperationResult:
    if on == "health":
        return await stage.handle.operate("health", clock_values(stage))
    assert load.order is not None, "checked when the scenario was read"
    if on == "open":
        result = await stage.handle.operate("open", order_values(stage, load.order))
        if result.outcome == "ok":
            stage.captured.setdefault(load.order, {}).update(result.captured)
        return result
    since = monotonic_ms()
    view = await stage.handle.view(order_values(stage, load.order))
    # Whatever it says of the order: it was there to say it.
    is_there = view.is_readable or not (view.problem or "").startswith(_ABSENT)
    return OperationResult(
        "info", 200 if is_there else None, view.status, monotonic_ms() - since, view.problem
    )


def _tell(
    stage: Stage,
    load: PlannedLoad,
    on: str,
    n: int,
    hold: _Hold,
    result: OperationResult,
    *,
    is_in_time: bool = False,
    is_control: bool = False,
) -> None:
    stage.world.journal.write(
        "load.answered",
        load.order,
        load=load.index,
        on=on,
        n=n,
        call=hold.call.id,
        is_in_time=is_in_time,
        is_control=is_control,
        http_status=result.http_status,
        held_ms=round(hold.held_ms, 1),
        elapsed_ms=round(result.elapsed_ms, 1),
        problem=result.problem,
    )
