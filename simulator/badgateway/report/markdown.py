"""Markdown for the summary page of a CI job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from badgateway.report.amounts import at_stake
from badgateway.report.case import Case, case_name
from badgateway.report.clean import one_line, printable
from badgateway.report.repeats import no_return, seen
from badgateway.report.summary import Summary, refusals, summarise
from badgateway.report.timeline import timeline
from badgateway.verdict.model import BROKEN, HELD, UNKNOWN

FINDINGS_MAX = 20  # a job summary is bounded by its host; the rest is in the other reports


def render(cases: Sequence[Case], real_ms: float = 0) -> str:
    """Give the document: counts, what is not held, and the laws as a table."""
    summary = summarise(cases, real_ms)
    lines = [f"## badgateway: {_headline(summary)}", ""]
    doubtful = [case for case in cases if case.verdict.state != HELD]
    for case in doubtful[:FINDINGS_MAX]:
        lines += _case(case)
    if len(doubtful) > FINDINGS_MAX:
        lines += [f"{len(doubtful) - FINDINGS_MAX} more are in the other reports.", ""]
    lines += [f"Faults: {summary.faults_fired} of {summary.faults_planned} fired.", ""]
    if summary.refused:
        lines += [f"Refused by the proxy: {', '.join(map(escape, refusals(summary)))}.", ""]
    lines += table(
        ("invariant", "code", "put to the test", "held", "broken", "unknown", "vacuous"),
        [
            (
                law.invariant,
                law.code,
                law.antecedents,
                *(law.states.get(state, 0) for state in summary.states),
            )
            for law in summary.laws
        ],
    )
    return "\n".join(lines) + "\n"


def table(heads: Sequence[object], rows: Sequence[Sequence[object]]) -> list[str]:
    """Give the lines of a Markdown table."""
    lines = [_row(heads), _row(["---"] * len(heads))]
    return [*lines, *(_row(row) for row in rows)]


def escape(text: object) -> str:
    """Give a text that Markdown and the HTML in it show as it is."""
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "\\`*_[]|":
        plain = plain.replace(mark, f"\\{mark}")
    return plain


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _headline(summary: Summary) -> str:
    states = summary.states
    return f"{states[HELD]} held, {states[BROKEN]} broken, {states[UNKNOWN]} unknown"


def _case(case: Case) -> Iterator[str]:
    verdict = case.verdict
    yield f"### {verdict.state}: {escape(verdict.title)}"
    yield ""
    yield f"{_code(verdict.scenario)}, {escape(case_name(verdict))}"
    yield ""
    if verdict.cause is not None:
        yield f"**{escape(verdict.cause.sentence)}** ({_code(verdict.cause.invariant)}, {verdict.cause.code})"
        yield ""
        if at_stake(verdict.cause):
            yield f"At stake: {escape(at_stake(verdict.cause))}."
            yield ""
        if verdict.replays is not None:
            yield f"Seen: {escape(seen(verdict.replays))}."
            yield ""
        if told := no_return(case):
            yield f"No way back: {escape(told)}."
            yield ""
        moments = timeline(case.entries, verdict.cause, verdict.consequences)
        if moments:
            yield from _block(
                f"{'>' if moment.is_proof else ' '} {moment.at:>10}  {moment.lane:<8}{moment.text}"
                for moment in moments
            )
    for problem in verdict.problems:
        yield f"- {escape(problem)}"
    yield "Reproduce:"
    yield ""
    yield from _block([verdict.reproduce])


def _code(text: str) -> str:
    return f"`{one_line(text).replace('`', '')}`"


def _block(lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
    yield "```text"
    yield from (printable(line).replace("```", "'''") for line in lines)
    yield "```"
    yield ""
