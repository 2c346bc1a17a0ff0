"""One case on the page: what broke and why, its proof, what to do, the laws, and the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from badgateway.journal.entry import Entry
from badgateway.report.amounts import at_stake, currencies
from badgateway.report.case import Case, case_name
from badgateway.report.doubts import doubts
from badgateway.report.html_markup import Html, element, join, link, scrolled, table
from badgateway.report.html_timeline import Focus, draw, window
from badgateway.report.repeats import no_return, seen
from badgateway.report.timeline import story_time
from badgateway.report.wording import lane, sentence
from badgateway.verdict.model import BROKEN, HELD, NOT_JUDGED, UNKNOWN, VACUOUS, Finding, Judged, Verdict

_WORST_FIRST = (BROKEN, UNKNOWN, HELD, VACUOUS, NOT_JUDGED)


def state_class(state: str) -> str:
    """Give the class that colours a state."""
    return f"is-{state.replace(' ', '-')}"


def badge(state: str) -> Html:
    """Give a state as a small coloured word."""
    return element("span", state, class_=f"badge {state_class(state)}")


def case_id(number: int) -> str:
    """Give the target under which the case with this number in the run is told."""
    return f"case-{number}"


def tell_case(case: Case, number: int, *, is_open: bool, is_whole: bool) -> Html:
    """Tell one case, by its number in the run; what is not told whole has no timeline."""
    name = case_id(number)
    verdict = case.verdict
    head = element(
        "summary",
        badge(verdict.state),
        element("span", verdict.title, class_="title"),
        element("span", _announced(verdict), class_="note") if _announced(verdict) else "",
        element("span", f"#{number} {verdict.scenario} · {case_name(verdict)}", class_="where"),
    )
    parts = [head, *_story(case, name, is_whole=is_whole)]
    return element(
        "details", *parts, id=name, class_=f"case {state_class(verdict.state)}", open=is_open or None
    )


def _announced(verdict: Verdict) -> str:
    is_announced = verdict.state == HELD and verdict.cause is not None
    return "what was announced to break broke" if is_announced else ""


def _story(case: Case, name: str, *, is_whole: bool) -> Iterator[Html]:
    verdict = case.verdict
    tell = _Teller(case, name, is_whole=is_whole)
    if verdict.cause is not None:
        yield tell.cause(verdict.cause)
    if is_whole and case.entries:
        yield element("h4", "Timeline")
        yield draw(name, case.entries, _focus(verdict))
    if verdict.consequences:
        also = (tell.consequence(one) for one in verdict.consequences)
        yield element("div", element("h4", "Then also"), *also, class_="also")
    if found := doubts(verdict):
        items = element("ul", *(element("li", doubt) for doubt in found))
        yield element("div", element("h4", "Unknown"), items, class_="doubts")
    yield _reproduce(case)
    if not is_whole:
        yield element("p", "Told in brief, to keep this page small: play it alone to see its timeline.")
    yield _laws(verdict, is_whole=is_whole)
    if is_whole and verdict.state != HELD and case.entries:
        yield _journal(case)


def _focus(verdict: Verdict) -> Focus:
    if verdict.cause is None:
        return Focus()
    findings = (verdict.cause, *verdict.consequences)
    proof = frozenset(seq for finding in findings for seq in finding.proof)
    return Focus(proof, max(verdict.cause.proof, default=None), verdict.no_return)


class _Teller:
    """Tells the findings of one case."""

    def __init__(self, case: Case, name: str, *, is_whole: bool) -> None:
        self.case, self.name = case, name
        self.entries = {entry.seq: entry for entry in case.entries}
        drawn = window(case.entries, _focus(case.verdict).at) if is_whole else ()
        self.drawn = {entry.seq for entry in drawn}
        self.rows = {row.invariant: row for row in case.verdict.rows}

    def cause(self, cause: Finding) -> Html:
        """Tell the earliest finding, and whether any fault is to blame for it."""
        said = element("p", cause.sentence, class_="sentence")
        repeats = self.repeats()
        told = element(
            "section", element("h4", "Cause"), said, *self.about(cause, repeats), class_="finding cause"
        )
        if self.case.verdict.baseline != BROKEN:
            return element("div", told, id=f"{self.name}-proof")
        note = "This is broken already in the baseline, without any fault: no fault's doing."
        return element("div", told, element("p", note, class_="note"), id=f"{self.name}-proof")

    def consequence(self, finding: Finding) -> Html:
        """Tell in a line what followed from the cause; what proves it and what to do is folded away."""
        stake = at_stake(finding)
        head = element(
            "summary",
            element("span", finding.sentence, class_="sentence"),
            element("span", f"{finding.invariant}, {finding.code}" + (f" · {stake}" if stake else "")),
        )
        return element("details", head, *self.about(finding, Html("")), class_="finding")

    def repeats(self) -> Html:
        """Tell how often it broke in further plays, and from which step on nothing could mend it."""
        verdict = self.case.verdict
        parts = []
        if verdict.replays is not None:
            parts.append(element("p", element("b", "Seen: "), seen(verdict.replays)))
        if told := no_return(self.case):
            parts.append(element("p", element("b", "No way back: "), told))
        return join(parts)

    def about(self, finding: Finding, repeats: Html) -> list[Html]:
        """Tell what stands behind a finding: the law, the money, the repeats, the proof, the remedy."""
        row = self.rows.get(finding.invariant)
        claim = f": {row.claim}" if row and row.claim else ""
        parts = [
            element(
                "p",
                link(f"law-{finding.invariant}", finding.invariant),
                f" ({finding.code}){claim}",
                class_="law",
            ),
        ]
        if at_stake(finding):
            parts.append(element("p", element("b", "At stake: "), at_stake(finding), class_="stake"))
        parts += [repeats, self.proof(finding)]
        if row is not None and row.remedy:
            parts.append(element("p", element("b", "What to do: "), row.remedy, class_="remedy"))
        return parts

    def proof(self, finding: Finding) -> Html:
        """List the entries that prove a finding, each with a link into the timeline."""
        agreed = currencies(self.case.entries)
        items = []
        for seq in finding.proof:
            entry = self.entries.get(seq)
            if entry is None:
                items.append(element("li", f"entry {seq}"))
                continue
            at, where, said = _line(entry, self.case.entries[0], agreed)
            shown = link(f"{self.name}-{seq}", said) if seq in self.drawn else said
            items.append(element("li", element("span", at, class_="at"), element("i", where), " ", shown))
        if not items:
            return Html("")
        return element("div", element("b", "Proof"), element("ol", *items), class_="proof-list")


def _line(entry: Entry, first: Entry, agreed: Mapping[str | None, str]) -> tuple[str, str, str]:
    at = story_time(entry.at_ms - first.at_ms + entry.real_ms)
    return at, lane(entry), sentence(entry, agreed.get(entry.order))


def command(line: str) -> Html:
    """Give a line that is there to be pasted."""
    copy = element("button", "Copy", type="button", class_="copy", hidden=True)
    return element("div", element("code", line), copy, class_="command")


def _reproduce(case: Case) -> Html:
    parts = [element("b", "Reproduce"), command(case.verdict.reproduce)]
    if case.journal_path is not None:
        parts += [element("b", "Journal"), element("code", case.journal_path.as_posix(), class_="path")]
    return element("div", *parts, class_="reproduce")


def _laws(verdict: Verdict, *, is_whole: bool) -> Html:
    """List the laws, the broken ones first; in brief only say how many are in which state."""
    rows = sorted(verdict.rows, key=lambda row: _WORST_FIRST.index(row.state))
    counts = ", ".join(
        f"{sum(row.state == state for row in rows)} {state}"
        for state in _WORST_FIRST
        if any(row.state == state for row in rows)
    )
    if not is_whole:
        return element("p", f"Laws: {counts}")
    heads = ("law", "state", "put to the test", "what it says")
    inside = scrolled(table(heads, [_law(row) for row in rows], class_="laws"), "Laws")
    return element("details", element("summary", f"Laws: {counts}"), inside, class_="fold")


def _law(row: Judged) -> Html:
    said = row.why or "; ".join(finding.sentence for finding in row.findings)
    cells = (
        element("td", link(f"law-{row.invariant}", row.invariant), f" {row.code}"),
        element("td", badge(row.state)),
        element("td", row.antecedents, class_="number"),
        element("td", said),
    )
    return element("tr", *cells)


def _journal(case: Case) -> Html:
    focus = _focus(case.verdict)
    shown, count = window(case.entries, focus.at), len(case.entries)
    agreed = currencies(case.entries)
    began_ms = case.entries[0].at_ms
    rows = [
        element(
            "tr",
            element("td", entry.seq, class_="number"),
            element("td", story_time(entry.at_ms - began_ms + entry.real_ms), class_="number"),
            element("td", lane(entry)),
            element("td", sentence(entry, agreed.get(entry.order))),
            class_="proof" if entry.seq in focus.proof else None,
        )
        for entry in shown
    ]
    head = f"All {count} entries" if count == len(shown) else f"{len(shown)} of {count} entries"
    inside = scrolled(table(("entry", "time", "lane", "what was seen"), rows, class_="journal"), head)
    return element("details", element("summary", head), inside, class_="fold")
