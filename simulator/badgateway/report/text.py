"""The readable verdict: a line for each case, the whole story where it is not held, a closing summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from badgateway.report.amounts import at_stake
from badgateway.report.case import Case, case_name
from badgateway.report.clean import one_line
from badgateway.report.doubts import doubts
from badgateway.report.line import Line, lay_out
from badgateway.report.repeats import no_return, seen
from badgateway.report.summary import Summary, refusals, summarise
from badgateway.report.timeline import timeline
from badgateway.verdict.model import BROKEN, HELD, UNKNOWN, VACUOUS, Finding, Verdict

STYLE_OF = {HELD: "good", BROKEN: "bad", UNKNOWN: "doubt", VACUOUS: "doubt"}
_ALSO_MAX = 8  # consequences that are told in a terminal
_LABEL = 12  # columns of the label before a paragraph


def render_case(case: Case, *, width: int = 100, is_coloured: bool = False, is_brief: bool = False) -> str:
    """Tell one case: a line where it held; else all that is needed to act on it, or in brief three lines."""
    return lay_out(_case(case, is_brief=is_brief), width, is_coloured=is_coloured)


def render_summary(
    cases: Sequence[Case], *, real_ms: float = 0, width: int = 100, is_coloured: bool = False
) -> str:
    """Tell what the whole run came to."""
    lines = [*_summary(summarise(cases, real_ms)), *_first(cases)]
    return lay_out(lines, width, is_coloured=is_coloured)


def render(cases: Sequence[Case], *, real_ms: float = 0, width: int = 100, is_coloured: bool = False) -> str:
    """Tell every case and the summary."""
    told = "".join(render_case(case, width=width, is_coloured=is_coloured) for case in cases)
    summary = render_summary(cases, real_ms=real_ms, width=width, is_coloured=is_coloured)
    return f"{told}{gap_after(told)}{summary}"


def gap_after(told: str) -> str:
    """Give the empty line that stands before a summary, unless it is there already."""
    return "" if not told or told.endswith("\n\n") else "\n"


def _case(case: Case, *, is_brief: bool) -> Iterator[Line]:
    verdict = case.verdict
    is_announced = verdict.state == HELD and verdict.cause is not None
    announced = "  [what was announced to break broke]" if is_announced else ""
    told = f"{verdict.scenario}  {case_name(verdict)}{announced}"
    yield Line(f"{verdict.state:<9}", told, STYLE_OF.get(verdict.state, ""))
    if verdict.state == HELD:
        return
    if is_brief:
        yield from _in_brief(verdict)
        return
    yield Line(" " * 9, one_line(verdict.title), style="strong")
    yield Line()
    if verdict.cause is not None:
        yield from _finding(case, verdict.cause)
    yield from _doubts(verdict)
    if case.journal_path is not None:
        yield Line("  Journal:   ", case.journal_path.as_posix(), "strong", is_whole=True)
    yield Line("  Reproduce: ", verdict.reproduce, "strong", is_whole=True)
    yield Line()


def _in_brief(verdict: Verdict) -> Iterator[Line]:
    said = verdict.cause.sentence if verdict.cause else "; ".join(verdict.problems)
    if said:
        yield Line(" " * 9, one_line(said))
    yield Line(" " * 9, verdict.reproduce, style="quiet", is_whole=True)


def _paragraph(label: str, text: str, style: str = "", label_style: str = "strong") -> Line:
    return Line(f"  {label:<{_LABEL}}", one_line(text), label_style, style)


def _finding(case: Case, cause: Finding) -> Iterator[Line]:
    verdict = case.verdict
    row = next((row for row in verdict.rows if row.invariant == cause.invariant), None)
    yield _paragraph("Cause", f"{cause.sentence} [{cause.invariant}, {cause.code}]", "bad", "bad")
    if row is not None and row.claim:
        yield _paragraph("The law", row.claim)
    if at_stake(cause):
        yield _paragraph("At stake", at_stake(cause), "strong")
    if verdict.replays is not None:
        yield _paragraph("Seen", seen(verdict.replays))
    if told := no_return(case):
        yield _paragraph("No way back", told)
    if verdict.baseline == BROKEN:
        yield _paragraph(
            "Note", "This is broken already in the baseline, without any fault: no fault's doing."
        )
    for place, finding in enumerate(verdict.consequences[:_ALSO_MAX]):
        said = f"{finding.sentence} [{finding.invariant}, {finding.code}]"
        yield _paragraph("Then also" if place == 0 else "", said)
    left = len(verdict.consequences) - _ALSO_MAX
    if left > 0:
        yield _paragraph("", f"and {left} more, which the page and the JSON report tell", "quiet")
    yield Line()
    yield from _timeline(case, cause)
    if row is not None and row.remedy:
        yield Line()
        yield _paragraph("What to do", row.remedy)
    yield Line()


def _timeline(case: Case, cause: Finding) -> Iterator[Line]:
    moments = timeline(case.entries, cause, case.verdict.consequences)
    if not moments:
        return
    yield Line("  Timeline", " (> marks the proof)", "strong", "quiet")
    time_width = max(len(moment.at) for moment in moments)
    lane_width = max(len(moment.lane) for moment in moments)
    for moment in moments:
        if moment.left_out:
            yield Line(f"    {'':{time_width}}  ", f"... {moment.left_out} left out", style="quiet")
        mark, style = (">", "strong") if moment.is_proof else (" ", "")
        yield Line(
            f"  {mark} {moment.at:>{time_width}}  {moment.lane:<{lane_width}}  ", moment.text, style, style
        )


def _doubts(verdict: Verdict) -> Iterator[Line]:
    found = doubts(verdict)
    for place, doubt in enumerate(found):
        yield _paragraph("Unknown" if place == 0 else "", doubt, label_style="doubt")
    if found:
        yield Line()


def _summary(summary: Summary) -> Iterator[Line]:
    states = summary.states
    counts = ", ".join(f"{states[state]} {state}" for state in (HELD, BROKEN, UNKNOWN))
    if states[VACUOUS]:
        counts += f", {states[VACUOUS]} {VACUOUS}"
    style = {0: "good", 1: "bad"}.get(summary.exit_code, "doubt")
    scenarios = "1 scenario" if summary.scenarios == 1 else f"{summary.scenarios} scenarios"
    plays = "1 case" if summary.cases == 1 else f"{summary.cases} cases"
    took = f" in {summary.real_ms / 1000:.1f} s" if summary.real_ms else ""
    yield Line("Summary     ", f"{counts} ({scenarios}, {plays}{took})", "strong", style)
    yield Line("Faults      ", f"{summary.faults_fired} of {summary.faults_planned} fired", "strong")
    tested = ", ".join(f"{law.invariant} {law.antecedents}" for law in summary.laws if law.antecedents)
    yield Line("Tested      ", tested or "no law was put to the test", "strong")
    vacuous = ", ".join(law.invariant for law in summary.laws if law.is_vacuous)
    if vacuous:
        yield Line("Vacuous     ", f"{vacuous} (never put to the test)", "strong", "doubt")
    not_judged = ", ".join(law.invariant for law in summary.laws if law.is_not_judged)
    if not_judged:
        yield Line("Not judged  ", f"{not_judged} (the integration does not show what is needed)", "strong")
    if summary.refused:
        hosts = one_line(", ".join(refusals(summary)))
        yield Line("Refused     ", f"{hosts} (the proxy lets nothing out)", "strong", "doubt")


def _first(cases: Sequence[Case]) -> Iterator[Line]:
    """Repeat how to play the first broken case again, where the eye ends after a long run."""
    doubtful = [case.verdict for case in cases if case.verdict.state != HELD]
    first = next((verdict for verdict in doubtful if verdict.state == BROKEN), next(iter(doubtful), None))
    if first is None or len(cases) == 1:
        return
    said = "; ".join(first.problems)
    if first.cause:
        said = "; ".join(part for part in (first.cause.sentence, at_stake(first.cause)) if part)
    yield Line()
    if said:
        yield Line("First       ", one_line(said), "strong", STYLE_OF.get(first.state, ""))
    yield Line("Reproduce: ", first.reproduce, "strong", is_whole=True)
