"""Load: what is asked of the integration while one of its own calls is held at the gate."""

from __future__ import annotations

from dataclasses import dataclass

from badgateway.ground.clock import monotonic_ms
from badgateway.integration.client import LOST, REFUSED, TIMEOUT
from badgateway.integration.model import OperationResult
from badgateway.plan.model import ANY, PlannedLoad, Selector, Step
from badgateway.play.exchange import Call
from badgateway.play.faultboard import counted, is_of
from badgateway.play.operating import skip
from badgateway.play.stage import Stage
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
        return not self.is_over and not self.call.is_settled

    def let_go(self) -> None:
        """Keep it no longer."""
        if not self.is_over:
            self.is_over, self.let_go_ms = True, monotonic_ms()

    @property
    def held_ms(self) -> float:
        return (self.let_go_ms if self.is_over else monotonic_ms()) - self.since_ms


async def ask_meanwhile(stage: Stage, call: Call) -> None:
    """Ask what the plan says while this call is held; goes on when all is answered, or after the cut-off.

    The call is let go early where the integration gives it up. What was not answered by then is asked once
    more at the next call of the same kind, for a machine may stall once; and again when nothing is held.
    """
    for load in stage.world.plan.load:
        is_first = load.index not in stage.loaded and _selects(load.during, call)
        if not is_first and stage.late.get(load.index) != (call.op, call.order):
            continue
        stage.loaded.add(load.index)
        stage.late.pop(load.index, None)
        hold = _Hold(call, monotonic_ms(), stage.world.arrivals)
        for on in load.on:
            for n in range(1, load.times + 1):
                if not hold.is_held or not stage.handle.offers(on):
                    break
                if not await _ask_within(stage, load, on, n, hold) and is_first:
                    stage.late[load.index] = (call.op, call.order)
        hold.let_go()


async def end_load(stage: Stage) -> None:
    """Ask once more, with nothing held, what was not answered in time; journal the load that never was."""
    await stage.drive()
    answers = [one for one in stage.world.journal.entries if one.kind == "load.answered"]
    for load in stage.world.plan.load:
        if load.index not in stage.loaded:
            skip(stage, Step(0, "load", load.order), f"no call {load.during} came")
        for on in load.on:
            if not stage.handle.offers(on):
                skip(stage, Step(0, "load", load.order), f"badgateway.yaml describes no operation {on!r}")
            asked = [one.data for one in answers if (one.data["load"], one.data["on"]) == (load.index, on)]
            if any(not one["is_in_time"] or (one["http_status"] or 599) >= 500 for one in asked):
                task = stage.spawn(_ask(stage, load, on))
                await stage.drive(task)
                _tell(stage, load, on, len(asked) + 1, None, task.result(), is_control=True)


def _selects(during: Selector, call: Call) -> bool:
    if during.name not in {ANY, call.op} or during.order not in {None, call.order}:
        return False
    return is_of(during, call) and during.n in {None, counted(during, call)}


async def _ask_within(stage: Stage, load: PlannedLoad, on: str, n: int, hold: _Hold) -> bool:
    """Say whether it was answered while the call was held; where not, the driver waits for the answer."""
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
        return True
    hold.let_go()
    stage.loose.append(task)
    return False


async def _ask_once(stage: Stage, load: PlannedLoad, on: str, n: int, hold: _Hold) -> bool:
    """Ask, journal, and say whether there was an answer while the call was held."""
    result = await _ask(stage, load, on)
    is_in_time = hold.is_held
    _tell(stage, load, on, n, hold, result, is_in_time=is_in_time)
    return is_in_time and result.http_status is not None and result.http_status < 500


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
    hold: _Hold | None,
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
        call=hold.call.id if hold else "",
        is_in_time=is_in_time,
        is_control=is_control,
        http_status=result.http_status,
        held_ms=round(hold.held_ms, 1) if hold else 0.0,
        elapsed_ms=round(result.elapsed_ms, 1),
        problem=result.problem,
    )
