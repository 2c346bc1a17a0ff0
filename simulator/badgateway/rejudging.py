"""A stored run judged again: its journals are paired with baselines and twins and meet the laws of today."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from badgateway.errors import InputError, Problem
from badgateway.journal.entry import Entry
from badgateway.journal.fingerprint import fingerprint
from badgateway.journal.ndjson import read_journal
from badgateway.plan.materialise import from_data
from badgateway.plan.model import Plan
from badgateway.trial import CaseResult, Measure, compared, measures
from badgateway.verdict.expectation import NAME as EXPECTATION
from badgateway.verdict.judge import breaks, judge
from badgateway.verdict.model import BROKEN, Finding
from badgateway.verdict.replays import counted, no_return

SHARED = ("baseline", "twin")  # roles of plays that several cases share
_ENDING = re.compile(r"-\d+$")  # of the name of a journal, where there were several of one name
_NAMED_SHARED = re.compile(rf"-({'|'.join(SHARED)})(-\d+)?$")
Entries = tuple[Entry, ...]
Journals = dict[str, Entries]  # key of what several cases share -> the play


@dataclass(slots=True)
class _Sitting:
    """One case as it was tried once: its play, what that is measured by, and the plays that followed it."""

    path: Path
    plan: Plan
    entries: Entries
    baseline: Entries | None
    twin: Entries | None
    further: dict[str, list[tuple[Path, Entries]]] = field(default_factory=dict)  # by role

    def of(self, role: str) -> list[tuple[Path, Entries]]:
        """Give the further plays of a role, in the order in which they were made."""
        return self.further.get(role, [])


def rejudge(place: Path, reproduce: Callable[[Plan], str]) -> tuple[CaseResult, ...]:
    """Judge the journals of a run's folder, or one journal alone, in the order in which they were played.

    Of a case that was tried twice the last sitting counts. How often a finding showed, and from which step
    on, is told from the further plays that are kept beside; where there are none, it is not told. A journal
    whose baseline is not beside it is judged without one. Raises InputError where there is no journal, or
    one is damaged.
    """
    cases: dict[tuple[str, int, int], list[_Sitting]] = {}
    shared: Journals = {}
    for path, entries in _played(place):
        plan, role = from_data(entries[0].data["plan"]), entries[0].data["role"]
        name = (plan.scenario, plan.case, plan.seed)
        if role in SHARED:
            shared[Measure(plan, role).key] = entries
        elif role == "main":
            baseline, twin = (shared.get(one.key) if one else None for one in measures(plan))
            cases.setdefault(name, []).append(_Sitting(path, plan, entries, baseline, twin))
        elif name in cases:
            cases[name][-1].further.setdefault(role, []).append((path, entries))
    last = [sittings[-1] for sittings in cases.values()]
    if place.is_file():
        last = [one for sittings in cases.values() for one in sittings if one.path == place]
    if not last:
        raise InputError([Problem(place.as_posix(), 0, 0, "no journal of a case is kept here")])
    return tuple(_result(one, reproduce(one.plan)) for one in last)


def _result(sitting: _Sitting, reproduce: str) -> CaseResult:
    judged = partial(judge, baseline=sitting.baseline, twin=sitting.twin, reproduce=reproduce)
    path, told, again, replays = sitting.path, sitting.entries, sitting.of("again"), sitting.of("replay")
    verdict = judged(told)
    for _, other in again:
        verdict = compared(verdict, sitting.plan, told, other)
    for place, other in replays if verdict.state != BROKEN else ():
        if (found := judged(other)).state == BROKEN:
            verdict, told, path = found, other, place
            break
    if verdict.state == BROKEN and verdict.cause is not None and replays:
        plays = [sitting.entries, *(other for _, other in (*again, *replays))]
        outcomes = [breaks(one, verdict.cause, sitting.twin) for one in plays]
        seen = counted(outcomes, [fingerprint(one) for one in plays])
        verdict = replace(verdict, replays=seen, no_return=_no_return(sitting, verdict.cause, told))
    real_ms = told[-1].real_ms
    return CaseResult(sitting.plan, replace(verdict, real_ms=real_ms), told, path, real_ms, (told,))


def _no_return(sitting: _Sitting, cause: Finding, told: Entries) -> int | None:
    """Find the step after which healing helped no more, from the beginnings of the story that were played."""
    if cause.invariant == EXPECTATION or not breaks(told, cause):
        return None
    broke: dict[int, bool] = {}
    for _, tried in sitting.of("beginning"):
        length = len(tried[0].data["plan"]["steps"])
        broke[length] = broke.get(length, False) or breaks(tried, cause)
    return no_return([step.n for step in sitting.plan.steps], broke)


def _played(place: Path) -> list[tuple[Path, Entries]]:
    """Read the journals, in the order in which their plays began."""
    plays = [(path, read_journal(path)) for path in _paths(place)]
    for path, entries in plays:
        if not entries or entries[0].kind != "run.started":
            raise InputError([Problem(path.as_posix(), 0, 0, "no play is recorded here")])
    return sorted(plays, key=lambda one: (one[1][0].at_ms, one[0].stat().st_mtime_ns, one[0].name))


def _paths(place: Path) -> list[Path]:
    """Give the journals; one that is named alone takes what belongs to it from its own folder."""
    if place.is_file():
        case = _ENDING.sub("", place.stem)
        own = re.compile(rf"{re.escape(case)}(-again|-replay|-beginning)?(-\d+)?")
        kept = (one for one in place.parent.glob("*.ndjson") if one != place)
        return [place, *(one for one in kept if _NAMED_SHARED.search(one.stem) or own.fullmatch(one.stem))]
    folder = place / "journals" if (place / "journals").is_dir() else place
    found = [path for path in folder.glob("*.ndjson") if path.is_file()]
    if not found:
        raise InputError(
            [Problem(place.as_posix(), 0, 0, "no journals lie here", "name the folder of a run")]
        )
    return found
