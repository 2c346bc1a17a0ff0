"""One journal in, one verdict out: every law judged, the worst wins, the earliest finding is the cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from badgateway.invariants import INVARIANTS
from badgateway.invariants.base import Breach, Invariant, Opinion
from badgateway.journal.entry import Entry
from badgateway.journal.fingerprint import fingerprint
from badgateway.journal.history import History
from badgateway.verdict import expectation as story
from badgateway.verdict.evidence import undermining, unseen
from badgateway.verdict.model import (
    BROKEN,
    HELD,
    NOT_JUDGED,
    UNKNOWN,
    VACUOUS,
    Finding,
    Judged,
    Verdict,
)
from badgateway.verdict.money_at_stake import stake


@dataclass(frozen=True, slots=True)
class _Row:
    """One judged law, with the breaches behind its findings."""

    judged: Judged
    breaches: tuple[Breach, ...] = ()


def judge(
    entries: Sequence[Entry],
    *,
    baseline: Sequence[Entry] | None = None,
    twin: Sequence[Entry] | None = None,
    reproduce: str = "",
) -> Verdict:
    """Judge one play; `baseline`: the story without faults, `twin`: with its webhooks in plain order.

    What was to be played is read from the journal itself (run.started), so an old run can be judged again.
    """
    history = History(entries)
    other = History(twin) if twin is not None else None
    doubts = tuple(undermining(history))
    rows = [_row(law, history, other, doubts) for law in INVARIANTS]
    expected = _expected(history, rows, doubts)
    rows += [expected] if expected.judged.state != VACUOUS else []  # most stories expect nothing of their own
    announced = tuple((history.plan.get("expect") or {}).get("broken") or ())
    problems = [*doubts, *unseen(history)]
    baseline_state = NOT_JUDGED
    if baseline is not None:
        baseline_state, complaint = _baseline(History(baseline), rows)
        problems += complaint
    findings = [one for row in rows for one in zip(row.breaches, row.judged.findings, strict=True)]
    # Laws that entries alone prove come first: what is seen at rest is most often their consequence.
    findings.sort(key=lambda pair: (not pair[0].is_always, pair[0].began or min(pair[0].proof, default=0)))
    ordered = tuple(finding for _, finding in findings)
    state = _state(tuple(row.judged for row in rows), announced, is_doubtful=bool(problems))
    planned = {int(fault["index"]) for fault in history.plan.get("faults") or ()}
    return Verdict(
        scenario=str(history.plan.get("scenario", history.started.get("scenario", ""))),
        title=str(history.plan.get("title", "")),
        case=int(history.plan.get("case", 1)),
        cases=int(history.plan.get("cases", 1)),
        seed=int(history.plan.get("seed", 0)),
        state=state,
        rows=tuple(row.judged for row in rows),
        cause=ordered[0] if ordered else None,
        consequences=ordered[1:],
        faults_planned=len(planned),
        faults_fired=len(planned & history.fired()),
        fingerprint=fingerprint(entries),
        reproduce=reproduce,
        baseline=baseline_state,
        problems=tuple(problems),
        matrix=dict(history.plan.get("matrix") or {}),
        real_ms=entries[-1].real_ms if entries else 0,
    )


def breaks(entries: Sequence[Entry], cause: Finding, twin: Sequence[Entry] | None = None) -> bool:
    """Say whether another play breaks the law of a finding for the same order, however it went otherwise."""
    history, other = History(entries), History(twin) if twin is not None else None
    if cause.invariant == story.NAME:
        return any(one.order == cause.order for one in story.expectation(history).breaches)
    row = _row(INVARIANTS[cause.invariant], history, other, ())
    return any(one.order == cause.order for one in row.judged.findings)


def _row(law: Invariant, history: History, twin: History | None, doubts: tuple[str, ...]) -> _Row:
    try:
        opinion = law.judge(history, twin)
    except Exception as error:  # noqa: BLE001 - a law that crashes must not hide the verdict of the others
        opinion = Opinion(unknown=f"our own bug, the invariant crashed: {type(error).__name__}: {error}")
    blank = Judged(law.name, law.code, HELD, law.claim, opinion.antecedents, remedy=law.remedy)
    return _judged(blank, opinion, history, doubts)


def _judged(blank: Judged, opinion: Opinion, history: History, doubts: tuple[str, ...]) -> _Row:
    """Turn an opinion into a row; what was only seen at rest counts for little in a play that went astray."""
    breaches = tuple(one for one in opinion.breaches if one.is_always or not doubts)
    findings = tuple(_finding(blank, one, history) for one in breaches)
    unproven = (
        "" if len(breaches) == len(opinion.breaches) else f"{opinion.breaches[-1].sentence}; but {doubts[0]}"
    )
    if findings:
        state, why = BROKEN, ""
    elif unproven or opinion.unknown:
        state, why = UNKNOWN, unproven or opinion.unknown
    elif opinion.not_judged:
        state, why = NOT_JUDGED, opinion.not_judged
    else:
        state, why = (HELD if opinion.antecedents else VACUOUS), ""
    return _Row(replace(blank, state=state, findings=findings, why=why), breaches)


def _finding(blank: Judged, breach: Breach, history: History) -> Finding:
    finding = Finding(
        blank.invariant, blank.code, breach.order, breach.sentence, breach.proof, is_timed=breach.is_timed
    )
    if breach.order not in history.orders:
        return finding
    lost = stake(history, str(breach.order))
    return replace(
        finding,
        customer_loss_minor=lost.customer_loss_minor,
        merchant_loss_minor=lost.merchant_loss_minor,
        currency=lost.currency,
    )


def _expected(history: History, rows: Sequence[_Row], doubts: tuple[str, ...]) -> _Row:
    opinion = story.expectation(history)
    announced = (history.plan.get("expect") or {}).get("broken") or ()
    broken = {row.judged.invariant for row in rows if row.judged.findings}
    if opinion.breaches:
        broken.add(story.NAME)
    unjudged = [
        row.judged for row in rows if row.judged.state == UNKNOWN and row.judged.invariant in announced
    ]
    unkept = story.unkept(announced, broken | {row.invariant for row in unjudged})
    why = f"{unjudged[0].invariant} was announced to break, and could not be judged" if unjudged else ""
    opinion = Opinion(
        opinion.antecedents + len(announced), (*opinion.breaches, *unkept), opinion.unknown or why
    )
    blank = Judged(story.NAME, story.CODE, HELD, story.CLAIM, opinion.antecedents, remedy=story.REMEDY)
    return _judged(blank, opinion, history, doubts)


def _baseline(history: History, rows: Sequence[_Row]) -> tuple[str, list[str]]:
    """Judge the story without its faults, and say what breaks there though it does not break here."""
    doubts = tuple(undermining(history))
    judged = [_row(law, history, None, doubts).judged for law in INVARIANTS]
    states = {row.state for row in judged}
    here = {row.judged.invariant for row in rows if row.judged.findings}
    only_there = [row.findings[0] for row in judged if row.findings and row.invariant not in here]
    state = BROKEN if BROKEN in states else UNKNOWN if UNKNOWN in states else HELD
    return state, [f"without any fault, {one.invariant} breaks: {one.sentence}" for one in only_there]


def _state(rows: Sequence[Judged], announced: Sequence[str], *, is_doubtful: bool) -> str:
    broken = {row.invariant for row in rows if row.state == BROKEN}
    if broken - set(announced):
        return BROKEN
    states = set(_unannounced(rows, announced))
    if is_doubtful or UNKNOWN in states:
        return UNKNOWN
    return HELD if HELD in states or broken else VACUOUS


def _unannounced(rows: Sequence[Judged], announced: Sequence[str]) -> Iterator[str]:
    for row in rows:
        if row.state != BROKEN or row.invariant not in announced:
            yield row.state
