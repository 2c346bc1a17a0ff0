"""The upper part of the page: what the run came to, the table of cases, the laws, the resiliency matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from email.utils import formatdate

from badgateway import __version__
from badgateway.journal.entry import Entry
from badgateway.report.amounts import amount
from badgateway.report.case import Case, case_name
from badgateway.report.html_case import badge, command, state_class
from badgateway.report.html_markup import Html, element, join, link, scrolled, table
from badgateway.report.resilience import (
    FAILED,
    HANG,
    LOOK_UP,
    NEW_KEY,
    PENDING,
    REACTIONS,
    SAME_KEY,
    reactions,
)
from badgateway.report.stakes import stakes, stakes_text
from badgateway.report.summary import STATES, LawCount, Summary, refusals
from badgateway.verdict.model import BROKEN, HELD, NOT_JUDGED, VACUOUS, Verdict

Names = Mapping[int, str]  # place among the cases of the run -> where it is told on the page
HELD_MAX = 20  # cases that held and are listed with the others; more are folded away
_LINKS_MAX = 3  # from a cell of the resiliency matrix
_GOOD, _BAD = frozenset({SAME_KEY, LOOK_UP, PENDING}), frozenset({NEW_KEY, FAILED, HANG})


def header(summary: Summary, cases: Sequence[Case]) -> Html:
    """Say what the run came to."""
    states = [state for state in STATES if summary.states[state] or state != VACUOUS]
    numbers = [
        element(
            "div", element("b", summary.states[state]), element("span", state), class_=_card(summary, state)
        )
        for state in states
    ]
    return element(
        "header",
        element("p", "badgateway", class_="brand"),
        element("h1", headline(summary)),
        element("div", *numbers, class_="cards"),
        element("dl", *(_fact(*fact) for fact in _facts(summary, cases)), class_="facts"),
    )


def headline(summary: Summary) -> str:
    """Give the result in one line."""
    cases = "1 case" if summary.cases == 1 else f"{summary.cases} cases"
    if not summary.cases:
        return "Nothing was played"
    if summary.states[BROKEN]:
        return f"{summary.states[BROKEN]} of {cases} broken"
    unsure = summary.cases - summary.states[HELD]
    return f"{unsure} of {cases} could not be judged" if unsure else f"All of {cases} held"


def _card(summary: Summary, state: str) -> str:
    return f"card {state_class(state)}" + ("" if summary.states[state] else " is-none")


def _fact(name: str, said: object) -> Html:
    return element("div", element("dt", name), element("dd", said))


def _facts(summary: Summary, cases: Sequence[Case]) -> Iterable[tuple[str, object]]:
    verdicts = [case.verdict for case in cases]
    lost = [
        element("li", f"{who} ", element("b", amount(minor, currency)))
        for (who, currency), minor in stakes(verdicts).items()
    ]
    yield "Money at stake", element("ul", *lost) if lost else "none"
    scenarios = "1 scenario" if summary.scenarios == 1 else f"{summary.scenarios} scenarios"
    took = f", {summary.real_ms / 1000:.1f} s" if summary.real_ms else ""
    yield "Played", f"{scenarios}, {summary.cases} cases{took}"
    yield "Faults", f"{summary.faults_fired} of {summary.faults_planned} fired"
    if summary.refused:
        yield "Refused by the proxy", ", ".join(refusals(summary))
    yield "Seeds", _seeds({verdict.seed for verdict in verdicts})
    started = [entry for case in cases for entry in case.entries[:1] if entry.kind == "run.started"]
    yield "Integration", _several(started, "integration", "revision")
    yield "Provider", _several(started, "provider")
    if started:
        first_s = min(entry.at_ms for entry in started) / 1000
        yield "When", formatdate(first_s, usegmt=True)
    yield "Version", f"badgateway {__version__}"


def _several(started: Sequence[Entry], *fields: str) -> str:
    said = dict.fromkeys(
        " ".join(str(entry.data[field]) for field in fields if entry.data.get(field)) for entry in started
    )
    return ", ".join(word for word in said if word) or "not said"


def _seeds(seeds: set[int]) -> str:
    known = sorted(seeds)
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]} to {known[-1]}"
    told = ", ".join(str(seed) for seed in known[:8])
    return f"{told} and {len(known) - 8} more" if len(known) > 8 else told or "none"


def first_broken(cases: Sequence[Case], names: Names) -> Html:
    """Say what broke first, what it costs and how to play it again; empty where nothing broke."""
    broken = (place for place, case in enumerate(cases) if case.verdict.state == BROKEN)
    place = next((place for place in broken if cases[place].verdict.cause is not None), None)
    cause = cases[place].verdict.cause if place is not None else None
    if place is None or cause is None:
        return Html("")
    verdict = cases[place].verdict
    cost = stakes_text([verdict])
    parts = [
        element("h2", "What broke first"),
        element("p", link(names[place], cause.sentence), class_="sentence"),
        element("p", f"{verdict.title} ({case_name(verdict)})" + (f"; {cost}" if cost else "")),
        command(verdict.reproduce),
    ]
    return element("section", *parts, class_="finding cause first")


def cases_table(cases: Sequence[Case], order: Sequence[int], names: Names) -> Html:
    """List every case in this order, each with a link to its story; many that held are folded away."""
    heads: tuple[str, ...] = ("state", "scenario", "case", "faults", "what was found", "at stake")
    short = heads[: 4 if any(cases[place].verdict.faults_planned for place in order) else 3]
    held = [place for place in order if cases[place].verdict.state == HELD]
    if len(held) == len(order):
        heads = short
    is_folded = len(held) > HELD_MAX
    width = {place: len(short) if is_folded and place in held else len(heads) for place in order}
    rows = {place: _case_row(cases[place], names[place], place + 1, width[place]) for place in order}
    if not is_folded:
        return scrolled(table(heads, rows.values(), class_="cases"), "Cases")
    doubtful = [rows[place] for place in order if place not in held]
    first = scrolled(table(heads, doubtful, class_="cases"), "Cases") if doubtful else ""
    kept = scrolled(table(short, (rows[place] for place in held), class_="cases"), "Cases that held")
    return join((first, held_fold(len(held), kept)))


def held_fold(count: int, inside: Html) -> Html:
    """Fold away what held, so that the rest is seen at once; a search or the filter opens it again."""
    return element("details", element("summary", f"{count} held"), inside, class_="fold held-fold")


def _case_row(case: Case, name: str, number: int, columns: int) -> Html:
    verdict = case.verdict
    said = "; ".join(verdict.problems)
    if verdict.state == BROKEN and verdict.cause is not None:
        said = verdict.cause.sentence
    cells = (
        element("td", badge(verdict.state)),
        element(
            "td", link(name, verdict.title), element("span", f"#{number} {verdict.scenario}", class_="where")
        ),
        element("td", case_name(verdict)),
        element("td", _fired(verdict), class_="number"),
        element("td", said),
        element("td", stakes_text([verdict])),
    )
    return element("tr", *cells[:columns], class_=f"case {state_class(verdict.state)}")


def _fired(verdict: Verdict) -> str:
    return f"{verdict.faults_fired} of {verdict.faults_planned}" if verdict.faults_planned else ""


def laws_table(summary: Summary, cases: Sequence[Case]) -> Html:
    """List every law with its claim, how often it was put to the test, and what to do where it breaks."""
    rows = {row.invariant: row for case in cases for row in case.verdict.rows}
    states = (*STATES, NOT_JUDGED)
    heads = ("law", "what must hold, and what to do where it breaks", "put to the test", *states)
    lines = [
        element(
            "tr",
            element("td", element("b", law.invariant), f" {law.code}"),
            element(
                "td", rows[law.invariant].claim, element("span", rows[law.invariant].remedy, class_="where")
            ),
            element("td", law.antecedents or _never(law), class_="number"),
            *(_count(law.states.get(state, 0), state) for state in states),
            id=f"law-{law.invariant}",
        )
        for law in summary.laws
    ]
    return scrolled(table(heads, lines, class_="laws"), "Laws")


def _never(law: LawCount) -> str:
    return "never" if law.is_vacuous else "not judged" if law.is_not_judged else "0"


def _count(count: int, state: str) -> Html:
    return element("td", count or "·", class_=f"number {state_class(state) if count else 'none'}")


def resilience_table(cases: Sequence[Case], names: Names) -> Html:
    """Say what the integration did at every place where a provider misbehaved; empty where none did."""
    found = reactions(cases)
    seen = [name for name in REACTIONS if any(name in row.cases for row in found)]
    lines = [
        element(
            "tr",
            element("th", row.site.op, scope="row"),
            element(
                "td", f"{row.site.do} {row.site.phase.replace('_', ' ').replace('connect', 'on connect')}"
            ),
            *(_cell(row.cases.get(name, ()), cases, name, names) for name in seen),
        )
        for row in found
    ]
    return (
        scrolled(table(("call", "fault", *seen), lines, class_="matrix"), "Resiliency") if lines else Html("")
    )


def _cell(places: Sequence[int], cases: Sequence[Case], reaction: str, names: Names) -> Html:
    if not places:
        return element("td", "·", class_="number none")
    unique = list(dict.fromkeys(places))
    is_harmful = reaction in _BAD and any(cases[place].verdict.state == BROKEN for place in unique)
    mood = " is-broken" if is_harmful else " is-held" if reaction in _GOOD else ""
    links = join((link(names[place], f"#{place + 1}") for place in unique[:_LINKS_MAX]), " ")
    more = f" +{len(unique) - _LINKS_MAX}" if len(unique) > _LINKS_MAX else ""
    told = element("span", links, more, class_="where")
    return element("td", element("b", len(places)), told, class_=f"number{mood}")
