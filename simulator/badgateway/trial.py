"""One case on trial: its baseline, its twin, its play, and the verdict over their journals."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from badgateway.errors import BadGatewayError
from badgateway.ground.clock import monotonic_ms
from badgateway.journal.entry import Entry
from badgateway.journal.fingerprint import fingerprint, fingerprint_outside_races
from badgateway.plan.materialise import to_data
from badgateway.plan.model import Plan
from badgateway.plan.prefix import beginning
from badgateway.play.alone import why_alone, why_nameless
from badgateway.play.company import Company, Player, in_ledger_order, without_faults
from badgateway.verdict.expectation import NAME as EXPECTATION
from badgateway.verdict.judge import breaks, judge
from badgateway.verdict.model import BROKEN, HELD, UNKNOWN, VACUOUS, Finding, Replays, Verdict
from badgateway.verdict.replays import counted, no_return

SURE_PLAYS, RACY_PLAYS = 4, 10  # of a broken case, the first one counted
RACY_TRIES = 3  # of one beginning of a story that does not go the same way each time
REPEATED_MAX = 3  # broken cases of a run that are played again; as many more for further laws
BEGINNINGS_MAX = 8  # of one story
STEM_MAX = 150  # file systems take names of 255 bytes
STORY = ("seed", "provider", "is_strict", "merchants", "orders", "steps", "load", "canary")
WELL = (HELD, VACUOUS)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, played and judged; `real_ms` counts its baseline and its twin too."""

    plan: Plan
    verdict: Verdict
    entries: tuple[Entry, ...]
    journal_path: Path | None
    real_ms: float
    plays: tuple[
        tuple[Entry, ...], ...
    ] = ()  # every journal that was made for this verdict, the main one last


@dataclass(frozen=True, slots=True)
class Measure:
    """A play that several cases may share, because each of them is held against it."""

    plan: Plan
    role: str  # baseline | twin

    @property
    def key(self) -> str:
        """Give what all cases have in common that share this play."""
        data = to_data(self.plan)
        kept = STORY if self.role == "baseline" else (*STORY, "faults")
        return json.dumps([self.role, {name: _essence(data[name]) for name in kept}], sort_keys=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """The play of a case that is told, of those that were made of it."""

    verdict: Verdict
    entries: tuple[Entry, ...]
    path: Path | None


class Alarm:
    """Ends a run because of a bug of ours, wherever in the loop it showed."""

    def __init__(self) -> None:
        self._bug: BadGatewayError | None = None
        self._run: asyncio.Task[object] | None = None

    def ring(self, bug: BadGatewayError) -> None:
        """Remember the first bug and stop what is being watched."""
        self._bug = self._bug or bug
        if self._run is not None:
            self._run.cancel()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Raise the bug instead of going on, from the moment in which it shows."""
        self._run = asyncio.current_task()
        try:
            yield
        except asyncio.CancelledError:
            if self._bug is None:
                raise
        finally:
            self._run = None
        if self._bug is not None:
            raise self._bug


@dataclass(slots=True)
class Court:
    """Tries cases; plays that several cases share (the same story on a good day) happen once."""

    company: Company
    folder: Path
    reproduce: Callable[[Plan], str]
    is_checking_determinism: bool = False
    worlds: int = 1  # plays that share one running integration at a time
    on_alone: Callable[[Plan, str], None] = lambda *_: None  # told of a case that may share it with none
    is_repeating: bool = False  # broken cases are played again: how often they break, and from which step on
    _played: dict[str, asyncio.Future[tuple[Entry, ...]]] = field(default_factory=dict)
    _named: Counter[str] = field(default_factory=Counter)
    _repeated: Counter[str] = field(default_factory=Counter)  # breaks of each law that were looked at closely

    async def hear_all(
        self, plans: Sequence[Plan], on_result: Callable[[CaseResult], None], alarm: Alarm | None = None
    ) -> tuple[CaseResult, ...]:
        """Try all cases, each player taking the next one; results come in the order of the plans.

        What must not share its integration, and what was not held while it did, is tried one at a time.
        Raises what the alarm was rung with: no verdict is worth anything once the simulator has failed.
        """
        results: dict[int, CaseResult] = {}

        async def work(player: Player, waiting: deque[tuple[int, Plan]], is_beside: bool) -> None:
            while waiting:
                place, plan = waiting.popleft()
                results[place] = await self.hear(plan, player, is_beside=is_beside)
                if not is_beside or results[place].verdict.state in WELL:
                    on_result(results[place])

        tasks: list[asyncio.Task[None]] = []
        try:
            async with (alarm or Alarm()).watching():
                for waiting, worlds in self._sittings(plans, results):
                    workers = self.company.players * worlds
                    tasks = [asyncio.create_task(work(one, waiting, worlds > 1)) for one in workers]
                    await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return tuple(results[place] for place in sorted(results))

    def _sittings(
        self, plans: Sequence[Plan], results: Mapping[int, CaseResult]
    ) -> Iterator[tuple[deque[tuple[int, Plan]], int]]:
        """Give the cases that are tried together, and how many at a time with each player."""
        every = deque(enumerate(plans))
        if self.worlds == 1:
            yield every, 1
            return
        # The first case is tried alone: it shows whether calls of this integration can be told apart.
        yield deque([every.popleft()]), 1
        nameless = why_nameless(results[0].entries)
        reasons = {place: nameless or why_alone(plan, self.company.description) for place, plan in every}
        yield deque(one for one in every if not reasons[one[0]]), self.worlds
        for place, _ in every:
            if not reasons[place] and results[place].verdict.state not in WELL:
                reasons[place] = "beside others it did not go well, and what counts is how it goes alone"
        # What was played beside others is no measure for what is played alone.
        self._played.clear()
        for place, plan in every:
            if reasons[place]:
                self.on_alone(plan, reasons[place])
        yield deque(one for one in every if reasons[one[0]]), 1

    async def hear(self, plan: Plan, player: Player, *, is_beside: bool = False) -> CaseResult:
        """Play one case and judge it; beside others, a broken one is not looked at more closely."""
        since = monotonic_ms()
        plays: list[tuple[Entry, ...]] = []
        baseline, twin = [await self._shared(one, player, plays) for one in measures(plan)]
        path = self._path(plan, "main")
        entries = await self.company.perform(player, plan, "main", path)
        judged = partial(judge, baseline=baseline, twin=twin, reproduce=self.reproduce(plan))
        verdict = judged(entries)
        if is_only_late(verdict):
            plays.append(entries)
            path = self._path(plan, "main")
            entries = await self.company.perform(player, plan, "main", path)
            verdict = judged(entries)
        told, same = _Told(verdict, entries, path), [entries]
        if self.is_checking_determinism:
            told = await self._again(plan, player, told, same, judged)
        verdict, entries = told.verdict, told.entries
        plays += [one for one in same if one is not entries]
        is_broken = verdict.state == BROKEN and not is_beside
        if is_broken and verdict.cause is not None and self._may_repeat(verdict.cause):
            replays = await self._replay(plan, player, same, verdict.cause, twin, plays)
            step = await self._no_return(plan, player, entries, verdict.cause, replays)
            verdict = replace(verdict, replays=replays, no_return=step)
        real_ms = monotonic_ms() - since
        verdict = replace(verdict, real_ms=real_ms)
        return CaseResult(plan, verdict, entries, told.path, real_ms, (*plays, entries))

    async def _again(
        self,
        plan: Plan,
        player: Player,
        told: _Told,
        same: list[tuple[Entry, ...]],
        judged: Callable[[tuple[Entry, ...]], Verdict],
    ) -> _Told:
        """Play a case a second time and compare; what races is played often, and a broken play is told."""
        same.append(await self.company.perform(player, plan, "again", self._path(plan, "again")))
        told = replace(told, verdict=compared(told.verdict, plan, *same))
        is_racy = fingerprint(same[0]) != fingerprint(same[1])
        while is_racy and told.verdict.state != BROKEN and len(same) < RACY_PLAYS:
            path = self._path(plan, "replay")
            same.append(await self.company.perform(player, plan, "replay", path))
            verdict = judged(same[-1])
            told = _Told(verdict, same[-1], path) if verdict.state == BROKEN else told
        return told

    def _may_repeat(self, cause: Finding) -> bool:
        """Say whether a broken case is played again: the first of a run, and the first of a further law."""
        places = REPEATED_MAX if cause.invariant in self._repeated else 2 * REPEATED_MAX
        if not self.is_repeating or self._repeated.total() >= places:
            return False
        self._repeated[cause.invariant] += 1
        return True

    async def _replay(
        self,
        plan: Plan,
        player: Player,
        same: Sequence[tuple[Entry, ...]],
        cause: Finding,
        twin: tuple[Entry, ...] | None,
        plays: list[tuple[Entry, ...]],
    ) -> Replays:
        """Play a broken case again, and often where it does not go the same way each time."""
        outcomes = [breaks(one, cause, twin) for one in same]
        prints = [fingerprint(one) for one in same]
        replays = counted(outcomes, prints)
        while replays.plays < (RACY_PLAYS if replays.is_racy else SURE_PLAYS):
            again = await self.company.perform(player, plan, "replay", self._path(plan, "replay"))
            plays.append(again)
            outcomes.append(breaks(again, cause, twin))
            prints.append(fingerprint(again))
            replays = counted(outcomes, prints)
        return replays

    async def _no_return(
        self, plan: Plan, player: Player, entries: tuple[Entry, ...], cause: Finding, replays: Replays
    ) -> int | None:
        """Find the step after which healing helps no more: play ever shorter beginnings of the story."""
        if cause.invariant == EXPECTATION or not breaks(entries, cause):
            return None  # it is about the end of the story, or about two plays of it
        broke: dict[int, bool] = {}
        for steps in range(len(plan.steps) - 1, max(0, len(plan.steps) - 1 - BEGINNINGS_MAX), -1):
            for _ in range(RACY_TRIES if replays.is_racy else 1):
                path = self._path(plan, "beginning")
                tried = await self.company.perform(player, beginning(plan, steps), "beginning", path)
                broke[steps] = breaks(tried, cause)
                if broke[steps]:
                    break
            if not broke[steps]:
                break
        return no_return([step.n for step in plan.steps], broke)

    async def _shared(
        self, measure: Measure | None, player: Player, plays: list[tuple[Entry, ...]]
    ) -> tuple[Entry, ...] | None:
        """Play a plan once for all cases that need it; a play that was broken off is broken off for all."""
        if measure is None:
            return None
        plan, role, key = measure.plan, measure.role, measure.key
        if key in self._played:
            shared: tuple[Entry, ...] = await asyncio.shield(self._played[key])
            return shared
        self._played[key] = promise = asyncio.get_running_loop().create_future()
        try:
            entries = await self.company.perform(player, plan, role, self._path(plan, role))
            promise.set_result(entries)
        except BaseException as error:  # whatever ended it, whoever waits for it must not wait on
            promise.set_exception(error)
            promise.exception()  # whoever shares it gets it; nobody else need hear of it
            raise
        plays.append(entries)
        return entries

    def _path(self, plan: Plan, role: str) -> Path:
        """Name the journal of one play; two whose names would be the same are numbered."""
        stem = re.sub(r"[^A-Za-z0-9]+", "-", plan.scenario.removesuffix(".yaml")).strip("-")
        name = f"{stem[-STEM_MAX:]}-case{plan.case}-seed{plan.seed}" + ("" if role == "main" else f"-{role}")
        self._named[name] += 1
        return self.folder / f"{name}{f'-{count}' if (count := self._named[name]) > 1 else ''}.ndjson"


def measures(plan: Plan) -> tuple[Measure | None, Measure | None]:
    """Give what a case is measured by: its baseline and its twin, None where that would say nothing."""
    baseline = Measure(without_faults(plan), "baseline") if plan.faults or plan.deliveries else None
    if not plan.deliveries:
        return baseline, None
    return baseline, Measure(in_ledger_order(plan), "twin") if plan.faults else baseline


def is_only_late(verdict: Verdict) -> bool:
    """Say whether nothing but its slowness speaks against a play: a busy machine may have stood still.

    Such a play is made once more, and the second one counts.
    """
    return verdict.cause is not None and all(one.is_timed for one in (verdict.cause, *verdict.consequences))


def _essence(value: Any) -> Any:
    """Leave out what changes no outcome: the lines of the file, and who the shopper is."""
    match value:
        case dict():
            return {name: _essence(item) for name, item in value.items() if name not in ("line", "shopper")}
        case list() | tuple():
            return [_essence(item) for item in value]
    return value


def compared(verdict: Verdict, plan: Plan, first: tuple[Entry, ...], again: tuple[Entry, ...]) -> Verdict:
    """Hold two plays of one plan against each other; what lies inside a deliberate race may differ."""
    tell = fingerprint_outside_races if plan.is_racing else fingerprint
    if tell(first) == tell(again):
        return verdict
    problem = "two plays with the same seed went differently: the integration is not deterministic"
    state = UNKNOWN if verdict.state != "broken" else verdict.state
    return replace(verdict, state=state, problems=(*verdict.problems, problem))
