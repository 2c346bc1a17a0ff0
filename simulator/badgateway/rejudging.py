"""A stored run judged again: its journals are paired with baselines and twins and meet the laws of today."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from badgateway.errors import InputError, Problem
from badgateway.journal.entry import Entry
from badgateway.journal.ndjson import read_journal
from badgateway.plan.materialise import from_data
from badgateway.plan.model import Plan
from badgateway.play.company import in_ledger_order, without_faults
from badgateway.trial import CaseResult, compared, shared_key
from badgateway.verdict.judge import judge

SHARED = ("baseline", "twin")  # roles of plays that several cases share; other plays only count a break
_NAMED_SHARED = re.compile(rf"-({'|'.join(SHARED)})(-\d+)?$")
Journals = dict[str, tuple[Entry, ...]]  # key of what several cases share -> the play


def rejudge(place: Path, reproduce: Callable[[Plan], str]) -> tuple[CaseResult, ...]:
    """Judge the journals of a run's folder, or one journal alone, in the order in which they were played.

    Raises InputError where there is none, or one is damaged. A journal whose baseline is not beside it is
    judged without one.
    """
    mains: dict[tuple[str, int, int], list[tuple[Path, Plan, tuple[Entry, ...]]]] = {}
    shared: Journals = {}
    for path in _paths(place):
        entries = read_journal(path)
        if not entries or entries[0].kind != "run.started":
            raise InputError([Problem(path.as_posix(), 0, 0, "no play is recorded here")])
        plan, role = from_data(entries[0].data["plan"]), entries[0].data["role"]
        if role == "main":
            mains.setdefault((plan.scenario, plan.case, plan.seed), []).append((path, plan, entries))
        elif role in SHARED:
            shared[shared_key(plan, role)] = entries
    if not mains:
        raise InputError([Problem(place.as_posix(), 0, 0, "no journal of a case is kept here")])
    return tuple(_result(plays, shared, reproduce) for plays in mains.values())


def _result(
    plays: list[tuple[Path, Plan, tuple[Entry, ...]]], shared: Journals, reproduce: Callable[[Plan], str]
) -> CaseResult:
    path, plan, entries = plays[0]
    baseline = shared.get(shared_key(without_faults(plan), "baseline"))
    twin = shared.get(shared_key(in_ledger_order(plan), "twin")) if plan.faults else baseline
    verdict = judge(
        entries,
        baseline=baseline if plan.faults or plan.deliveries else None,
        twin=twin if plan.deliveries else None,
        reproduce=reproduce(plan),
    )
    for _, _, again in plays[1:]:
        verdict = compared(verdict, plan, entries, again)
    real_ms = entries[-1].real_ms
    return CaseResult(plan, replace(verdict, real_ms=real_ms), entries, path, real_ms, (entries,))


def _paths(place: Path) -> list[Path]:
    """Give the journals, the oldest first; a journal named alone takes its baseline from its own folder."""
    if place.is_file():
        return [
            place,
            *sorted(path for path in place.parent.glob("*.ndjson") if _NAMED_SHARED.search(path.stem)),
        ]
    folder = place / "journals" if (place / "journals").is_dir() else place
    found = [path for path in folder.glob("*.ndjson") if path.is_file()]
    if not found:
        raise InputError(
            [Problem(place.as_posix(), 0, 0, "no journals lie here", "name the folder of a run")]
        )
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
