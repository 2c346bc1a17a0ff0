"""Long runs that show what badgateway claims: silence where nothing is wrong, every planted bug, equal plays.

Run by `make soak`; it stops by itself, and writes its figures into the README beside this file.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import endurance

from badgateway import pipeline
from badgateway.cli.catalogues import Planted, defects
from badgateway.cli.target import Target, embedded
from badgateway.integration.read import read_description
from badgateway.plan.model import Plan
from badgateway.report.markdown import table
from badgateway.report.matrix import renew
from badgateway.trial import CaseResult
from badgateway.verdict.model import BROKEN

PAGE = Path(__file__).with_name("README.md")
ZOO = Path(__file__).parents[1] / "zoo"
PACK, WORKERS, CHUNK = ["scenarios"], 4, 400
ZOO_CHUNK = 40  # some animals look at all that they ever sold, so each part of the library meets empty books
RACE_CAUGHT_MIN, CAUGHT_MIN = 0.95, 1.0
FEW = 24  # stories that are tried together until one catches a bug
PLANTED = "dup-sequential"  # many stories meet it, some of them side by side
STORIES_MAX = 3  # that are played at length for one bug, until one is sure


def play(
    plans: Sequence[Plan],
    target: Target,
    *,
    workers: int = WORKERS,
    worlds: int = 1,
    on_alone: Callable[[Plan, str], None] = lambda *_: None,
) -> tuple[CaseResult, ...]:
    """Play plans on a few copies of an integration: half of a play is waiting."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(
            pipeline.run(
                plans,
                target.description,
                workdir=Path(folder),
                reproduce=lambda plan: f"{plan.scenario} --case {plan.case} --seed {plan.seed}",
                workers=min(workers, len(plans)),
                extra_arguments=target.extra_arguments,
                worlds=worlds,
                on_alone=on_alone,
            )
        )


def in_chunks(plans: Sequence[Plan], target: Target) -> list[tuple[str, str, int]]:
    """Play many plans without keeping their journals; give state, what was wrong, and faults not fired."""
    told, size = [], CHUNK if target.is_embedded else ZOO_CHUNK
    for start in range(0, len(plans), size):
        for result in play(plans[start : start + size], target):
            verdict = result.verdict
            unfired = verdict.faults_planned - verdict.faults_fired
            told.append((verdict.state, f"{verdict.reproduce}: {verdict.cause or verdict.problems}", unfired))
        print(f"  {min(start + size, len(plans))} of {len(plans)}", file=sys.stderr)
    return told


def silence(seeds: int, only: Sequence[str] = ()) -> tuple[str, bool]:
    """Play the library on the correct reference with many seeds, and once on each of the zoo."""
    targets = [("reference", embedded(), seeds)]
    targets += [
        (path.parent.name, Target(read_description(path), False), 1)
        for path in sorted(ZOO.glob("*/badgateway.yaml"))
    ]
    rows, is_silent = [], True
    for name, target, number in targets:
        if only and name not in only:
            continue
        print(f"silence: {name}", file=sys.stderr)
        told = in_chunks(pipeline.load(PACK, range(1, number + 1)), target)
        states = Counter(state for state, _, _ in told)
        is_silent &= states[BROKEN] == 0
        for state, what, _ in told:
            if state == BROKEN or (state != "held" and target.is_embedded):
                print(f"    {state}: {what}", file=sys.stderr)
        cells = (str(states[state]) for state in ("held", "unknown", "vacuous", BROKEN))
        rows.append((name, str(number), str(len(told)), *cells, str(sum(unfired for *_, unfired in told))))
    head = ("integration", "seeds", "cases", "held", "unknown", "vacuous", "broken", "faults not fired")
    return "\n".join(table(head, rows)), is_silent


def rates(plays: int, only: Sequence[str] = ()) -> tuple[str, bool]:
    """Plant each bug, find a story that the law named first catches, and play it with many seeds."""
    rows, is_enough = [], True
    library = pipeline.load(PACK, [1])
    for defect in (one for one in defects() if not only or one.name in only):
        target = embedded(defect.name)
        best, number, floor = None, -1, float(plays)
        for plan in islice(_catching(library, defect, target), STORIES_MAX):
            seeds = [
                one for one in pipeline.load([plan.scenario], range(1, plays + 1)) if one.case == plan.case
            ]
            hits = sum(_is_caught(one, defect.primary) for one in play(seeds, target))
            if hits > number:
                best, number = plan, hits
                floor = plays * (RACE_CAUGHT_MIN if plan.is_racing else CAUGHT_MIN)
            if number >= floor:
                break
        is_enough &= number >= floor
        story = f"{best.scenario} --case {best.case}{' (race)' if best.is_racing else ''}" if best else "none"
        rows.append((defect.name, defect.primary, story, f"{max(number, 0)} of {plays}"))
        print(f"rate: {', '.join(rows[-1])}", file=sys.stderr)
    return "\n".join(table(("planted defect", "law", "story", "caught"), rows)), is_enough


def _catching(library: Sequence[Plan], defect: Planted, target: Target) -> Iterator[Plan]:
    """Play stories with one seed, those of the bug's own folder first, and give those that catch it."""
    folder = f"scenarios/{defect.group}/"
    near = sorted(library, key=lambda plan: (not plan.scenario.startswith(folder), "smoke" not in plan.tags))
    for start in range(0, len(near), FEW):
        for one in play(near[start : start + FEW], target):
            if _is_caught(one, defect.primary):
                yield one.plan


def fingerprints(plays: int, only: Sequence[str] = ()) -> tuple[str, bool]:
    """Play every case without a deliberate race many times, and count how often it went the same way.

    One that once went another way is played as often once more, one play at a time, and has to be equal then.
    """
    target, rows, is_equal = embedded(), [], True
    folders: dict[str, list[Plan]] = {}
    for plan in pipeline.load(PACK, [1]):
        if not plan.is_racing:
            folders.setdefault(Path(plan.scenario).parent.name, []).append(plan)
    step = max(1, CHUNK // plays)
    for folder, plans in folders.items():
        if only and folder not in only:
            continue
        others = []
        for start in range(0, len(plans), step):
            some = plans[start : start + step]
            results = play([plan for plan in some for _ in range(plays)], target)
            for place, plan in enumerate(some):
                most = _alike(results[place * plays : (place + 1) * plays])
                if most < plays:
                    # A machine that stands still makes the integration give an answer up: was it that?
                    alone = _alike(play([plan] * plays, target, workers=1))
                    is_equal &= alone == plays
                    others.append(f"{plan.scenario} --case {plan.case}: {most}, {alone} by itself")
        rows.append((folder, str(len(plans)), str(plays), str(len(plans) - len(others)), "; ".join(others)))
        print(f"fingerprints: {', '.join(rows[-1])}", file=sys.stderr)
    head = (
        "folder",
        "cases",
        "plays of each",
        "cases that always went the same way",
        "the others, how often, and how often with nothing beside them",
    )
    return "\n".join(table(head, rows)), is_equal


def _alike(results: Sequence[CaseResult]) -> int:
    """Count the plays that went the way that most of them went."""
    return Counter(one.verdict.fingerprint for one in results).most_common(1)[0][1]


def side_by_side(worlds: int, only: Sequence[str] = ()) -> tuple[str, bool]:
    """Play the library one story at a time, and so many at once against one integration; compare verdicts.

    The correct reference alone would show little, so a bug that most stories meet is planted as well.
    """
    rows, is_equal = [], True
    for name, target in (("reference", embedded()), (PLANTED, embedded(PLANTED))):
        if only and name not in only:
            continue
        cells, others = _beside(target, worlds)
        print("\n".join([f"side by side, {name}: {', '.join(cells)}", *others]), file=sys.stderr)
        is_equal &= not others
        rows.append((name, *cells))
    head = ("integration", "cases", "that share with none", "broken", "with another verdict beside others")
    return "\n".join(table(head, rows)), is_equal


def _beside(target: Target, worlds: int) -> tuple[list[str], list[str]]:
    """Count the cases, those played alone for a reason, the broken and the different ones; tell the last."""
    plans, alone = pipeline.load(PACK, [1]), Counter[str]()
    reason = partial(_count, alone)
    together = play(plans, target, workers=1, worlds=worlds, on_alone=reason)
    by_itself = play(plans, target)
    others = [
        f"  {one.verdict.reproduce}: {_said(one)} by itself, {_said(beside)} beside others"
        for one, beside in zip(by_itself, together, strict=True)
        if _said(one) != _said(beside)
    ]
    broken = sum(one.verdict.state == BROKEN for one in by_itself)
    return [str(count) for count in (len(plans), alone.total(), broken, len(others))], others


def _count(alone: Counter[str], _: Plan, why: str) -> None:
    alone[why] += 1


def _said(result: CaseResult) -> str:
    cause = result.verdict.cause
    return f"{result.verdict.state} ({cause.invariant})" if cause else result.verdict.state


def _is_caught(result: CaseResult, law: str) -> bool:
    return any(row.invariant == law and row.state == BROKEN for row in result.verdict.rows)


def _among_others(table_: str, part: str) -> str:
    """Put the rows of a short table into their places in the one that the page has."""
    page = PAGE.read_text(encoding="utf-8")
    lines = page.partition(f"<!-- {part}: begin -->\n")[2].partition(f"<!-- {part}: end -->")[0]
    renewed = {line.split("|")[1]: line for line in table_.splitlines()}
    kept = [renewed.pop(line.split("|")[1], line) for line in lines.splitlines()]
    return "\n".join([*kept, *renewed.values()])


PARTS: dict[str, tuple[Callable[..., tuple[str, bool]], int]] = {
    "silence": (silence, 20),
    "rates": (rates, 100),
    "fingerprints": (fingerprints, 100),
    "side_by_side": (side_by_side, 8),
    "endurance": (endurance.run, 200_000),
}
ROWS: dict[str, Callable[[], set[str]]] = {
    "silence": lambda: {"reference", *(path.parent.name for path in ZOO.glob("*/badgateway.yaml"))},
    "rates": lambda: {one.name for one in defects()},
    "fingerprints": lambda: {path.parent.name for path in Path(*PACK).glob("*/*.yaml")},
    "side_by_side": lambda: {"reference", PLANTED},
}


def main() -> int:
    """Run the parts that were asked for, all without a word; exit code 1 where a claim did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--number", type=int, help="seeds, plays or worlds, instead of each part's own")
    parser.add_argument(
        "--only",
        action="append",
        metavar="ROW",
        default=[],
        help="with one part: this row of its table (a bug, an integration, a folder); may be repeated",
    )
    parser.add_argument(
        "--write", action="store_true", help="renew the figures in the README beside this file"
    )
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if options.only and (len(options.parts) != 1 or options.parts[0] not in ROWS):
        parser.error(f"--only goes with one part, of {', '.join(ROWS)}")
    if options.only and (unknown := set(options.only) - (known := ROWS[options.parts[0]]())):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    held = True
    for part in options.parts or PARTS:
        work, number = PARTS[part]
        asked = {"only": options.only} if options.only else {}
        told, is_held = work(options.number or number, **asked)
        held &= is_held
        print(f"## {part}\n\n{told}\n")
        if options.write:
            renew(PAGE, f"{_among_others(told, part) if options.only else told}\n", part)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
