"""One page that holds everything: no outside resource, no script that it needs, fit for screen and paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from badgateway.report.case import Case
from badgateway.report.html_case import case_id, tell_case
from badgateway.report.html_markup import Html, element, join, link
from badgateway.report.html_signs import legend, signs
from badgateway.report.html_summary import (
    HELD_MAX,
    cases_table,
    first_broken,
    header,
    headline,
    held_fold,
    laws_table,
    resilience_table,
)
from badgateway.report.summary import STATES, Summary, summarise
from badgateway.verdict.model import BROKEN, HELD, UNKNOWN, VACUOUS

WHOLE_MAX = 60  # cases with a timeline, those that are not held first; the others are told in brief
OPEN_MAX = 3  # cases that stand open at first
_PARTS = Path(__file__).parent / "page"
_WORST_FIRST = (BROKEN, UNKNOWN, VACUOUS, HELD)


def render(cases: Sequence[Case], real_ms: float = 0) -> str:
    """Give the page; real_ms is how long the run took."""
    summary = summarise(cases, real_ms)
    style, script = _part("style.css"), _part("script.js")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"badgateway: {headline(summary)}"),
        element("style", style),
    )
    body = element("body", signs(), *_sections(summary, cases), element("script", script))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _sections(summary: Summary, cases: Sequence[Case]) -> list[Html]:
    order = sorted(range(len(cases)), key=lambda place: _WORST_FIRST.index(cases[place].verdict.state))
    names = {place: case_id(place + 1) for place in order}
    stories = [
        tell_case(
            cases[place],
            place + 1,
            is_open=rank < OPEN_MAX and cases[place].verdict.state != HELD,
            is_whole=rank < WHOLE_MAX,
        )
        for rank, place in enumerate(order)
    ]
    held = [story for story, place in zip(stories, order, strict=True) if cases[place].verdict.state == HELD]
    if len(held) > HELD_MAX:
        stories = [*stories[: len(stories) - len(held)], held_fold(len(held), join(held))]
    matrix = resilience_table(cases, names)
    parts: list[object] = [
        first_broken(cases, names),
        _filter(summary),
        _contents(has_matrix=bool(matrix)),
        element("section", element("h2", "Cases"), cases_table(cases, order, names), id="cases"),
        element("section", element("h2", "Stories"), _how_to_read(), *stories, id="stories"),
    ]
    if matrix:
        said = (
            "What the integration did first after a provider misbehaved. After the commit, a retry under a "
            "new key may charge twice, and giving up as FAILED may lose a payment."
        )
        parts.append(
            element("section", element("h2", "Resiliency"), element("p", said), matrix, id="resilience")
        )
    parts.append(element("section", element("h2", "Laws"), laws_table(summary, cases), id="laws"))
    return [header(summary, cases), element("main", *parts)]


def _contents(*, has_matrix: bool) -> Html:
    """Lead to the sections: what broke is at the top, and the laws are far below."""
    places = ["Cases", "Stories", *(["Resiliency"] if has_matrix else []), "Laws"]
    targets = {"Resiliency": "resilience"}
    links = (link(targets.get(place, place.lower()), place) for place in places)
    return element("nav", *links, aria_label="Sections", class_="contents")


def _filter(summary: Summary) -> Html:
    """Offer to show the cases of one state; the style sheet does it, so that no script is needed."""
    choices = [("all", "all", summary.cases)]
    choices += [(state, state, summary.states[state]) for state in STATES if summary.states[state]]
    parts = [
        element(
            "label",
            element("input", type="radio", name="show", id=f"show-{name}", checked=name == "all"),
            element("span", f"{word} {count}"),
        )
        for name, word, count in choices
    ]
    search = element(
        "input",
        type="search",
        id="words",
        placeholder="words in title or path",
        hidden=True,
        aria_label="Only cases with these words",
    )
    return element("fieldset", element("legend", "Show"), *parts, search, class_="filter")


def _how_to_read() -> Html:
    said = (
        "Time goes from left to right and takes more room where more happens; » marks virtual time that was "
        "jumped. Shaded: a fault at work, or the process down. Keys are named A, B, … in the order of their "
        "first use. Proof has a halo. A dotted line stands where the story had no way back any more. Hold "
        "the pointer over anything to read its journal entry."
    )
    inside = join((element("p", said), legend()))
    return element("details", element("summary", "How to read the timelines"), inside, class_="fold")


def _part(name: str) -> Html:
    return Html((_PARTS / name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    """Allow the page its own style and script, by their hashes, and nothing else at all."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
