"""The self-contained page: whole, inert, linked, and small enough to be sent around."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from badgateway.ground.records import changed
from badgateway.report.html import OPEN_MAX, WHOLE_MAX, render
from badgateway.verdict.model import Replays

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
EMPTY = {"meta", "input", "br"}


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, in order, and whether they are nested well."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert len({name for name, _ in attrs}) == len(attrs)
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def classed(self, word):
        return [one for _, one in self.elements if word in (one.get("class") or "").split()]

    def ids(self):
        return [one["id"] for _, one in self.elements if "id" in one]


def test_the_summary_says_what_the_run_came_to(held, overcharged):
    text = render([held, overcharged], 1500)

    assert "<title>badgateway: 1 of 2 cases broken</title>" in text
    assert "1 of 1 fired" in text
    assert "the customer loses <b>49.99 EUR</b>" in text
    assert "2 scenarios, 2 cases, 1.5 s" in text


def test_a_run_in_which_all_held_says_so(held):
    assert "All of 1 case held" in render([held])


def test_what_could_not_be_judged_is_not_called_held(held):
    page = render([held.but(state="vacuous"), held.but(state="unknown", problems=("the port was busy",))])

    assert "2 of 2 cases could not be judged" in page
    assert "the port was busy" in page


def test_a_run_without_cases_is_still_a_page():
    assert "Nothing was played" in render([])


def test_a_broken_case_tells_cause_money_remedy_and_how_to_play_it_again(overcharged):
    texts = "".join(Page(render([overcharged])).texts)

    assert "o1 was agreed at 49.99 EUR, the provider captured 99.98 EUR" in texts
    assert "At stake: the customer loses 49.99 EUR" in texts
    assert "Keep the key of an unanswered charge." in texts
    assert "o1 shows 49.99 EUR paid, 99.98 EUR was captured" in texts
    assert overcharged.verdict.reproduce in texts
    assert "runs/j.ndjson" in texts


def test_what_broke_without_any_fault_is_said(overcharged):
    assert "no fault's doing" in render([overcharged.but(baseline="broken")]).replace("&#x27;", "'")


def test_the_proof_leads_into_the_timeline_and_back(overcharged):
    page = Page(render([overcharged]))

    targets = {one["href"] for one in page.all("a")}

    assert {"#case-1-2", "#case-1-6", "#case-1-10", "#case-1-proof"} <= targets


@pytest.mark.parametrize("state", ["held", "broken", "unknown", "vacuous"])
def test_every_link_and_every_sign_has_its_target_and_no_target_is_there_twice(overcharged, held, state):
    page = Page(render([held, overcharged.but(state=state), held]))

    ids = page.ids()
    targets = {one["href"].removeprefix("#") for tag in ("a", "use") for one in page.all(tag)}

    assert len(ids) == len(set(ids))
    assert targets <= set(ids)


def test_nothing_is_loaded_from_anywhere(overcharged, held):
    page = Page(render([overcharged, held]))

    assert {tag for tag, one in page.elements if "src" in one or tag in {"link", "iframe", "img"}} == set()
    assert all(one["href"].startswith("#") for _, one in page.elements if "href" in one)
    assert not re.search(r"url\(|@import|https?://", "".join(page.texts))


def test_the_policy_allows_the_own_style_and_script_and_nothing_else(overcharged):
    text = render([overcharged])

    policy = next(one["content"] for one in Page(text).all("meta") if "http-equiv" in one)
    parts = {name: re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)[1] for name in ("style", "script")}
    digests = {
        name: base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        for name, part in parts.items()
    }

    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digests['style']}'" in policy
    assert f"script-src 'sha256-{digests['script']}'" in policy
    assert "unsafe" not in policy
    assert not any(name == "style" or name.startswith("on") for _, one in Page(text).elements for name in one)


def test_markup_from_outside_is_inert_wherever_it_comes_from(overcharged):
    cause = replace(overcharged.verdict.cause, sentence=HOSTILE, invariant=HOSTILE, currency=HOSTILE)
    row = replace(overcharged.verdict.rows[0], claim=HOSTILE, remedy=HOSTILE, invariant=HOSTILE, why=HOSTILE)
    entries = tuple(
        changed(
            entry,
            order=HOSTILE,
            data={name: HOSTILE if isinstance(value, str) else value for name, value in entry.data.items()},
        )
        for entry in overcharged.entries
    )
    hostile = overcharged.with_entries(entries).but(
        title=HOSTILE,
        scenario=HOSTILE,
        reproduce=HOSTILE,
        cause=cause,
        rows=(row,),
        problems=(HOSTILE,),
        matrix={HOSTILE: HOSTILE},
    )

    page = Page(render([hostile]))

    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, one in page.elements for name in one)


def test_the_cases_of_one_state_can_be_shown_without_a_script(overcharged, held):
    text = render([overcharged, held, held.but(state="unknown")])

    shown = [one["id"] for one in Page(text).all("input") if one["type"] == "radio"]
    hidden = {one for one in shown if f"main:has(#{one}:checked)" in text}

    assert shown == ["show-all", "show-held", "show-broken", "show-unknown"]
    assert hidden == set(shown[1:])


def test_what_needs_a_script_is_hidden_until_there_is_one(overcharged):
    page = Page(render([overcharged]))

    assert all("hidden" in one for one in page.all("button"))
    assert all("hidden" in one for one in page.all("input") if one["type"] == "search")


def test_broken_cases_come_first_and_only_the_first_few_stand_open(overcharged, held):
    page = Page(render([held] + [overcharged] * (OPEN_MAX + 1)))

    stories = [one for one in page.all("details") if one.get("id")]

    assert [one["id"] for one in stories] == ["case-2", "case-3", "case-4", "case-5", "case-1"]
    assert ["open" in one for one in stories] == [True] * OPEN_MAX + [False, False]


def test_a_big_run_keeps_the_timelines_of_what_is_not_held_and_stays_small(overcharged, held):
    text = render([held] * 430 + [overcharged])

    page = Page(text)

    assert len(page.classed("timeline")) == WHOLE_MAX
    assert "case-431-10" in page.ids()
    assert text.count("Told in brief") == 431 - WHOLE_MAX
    assert len(text) < 2_000_000


def test_many_cases_that_held_are_folded_away_and_few_are_not(overcharged, held):
    few, many = Page(render([held, overcharged])), Page(render([held] * 30 + [overcharged]))

    assert few.classed("held-fold") == []
    assert ["open" in one for one in many.classed("held-fold")] == [False, False]
    assert many.texts.count("30 held") == 2


def test_what_broke_first_is_told_before_the_tables(overcharged, held):
    text = render([held, overcharged, overcharged.but(title="Later")])

    first = Page(text).classed("first")

    assert len(first) == 1
    assert "What broke first" not in render([held])
    assert text.index("What broke first") < text.index('id="cases"')


def test_a_finding_says_how_often_it_was_seen_and_where_there_is_no_way_back(overcharged):
    steps = {"steps": [{"n": 1, "do": "pay", "order": "o1"}]}
    started = changed(overcharged.entries[0], data={"plan": steps})
    case = overcharged.with_entries((started, *overcharged.entries[1:]))

    texts = "".join(
        Page(render([case.but(no_return=1, replays=Replays(4, 3, 0.3, 0.95, is_racy=True))])).texts
    )

    assert "Seen: in 3 of 4 plays, racy" in texts
    assert "No way back: from step 1 on (pay o1), the first one" in texts
    assert "no way back from here" in texts


def test_every_law_is_listed_with_how_often_it_was_put_to_the_test(overcharged, held):
    page = Page(render([held, overcharged]))

    assert {"law-no_overcharge", "law-honest_ambiguity", "law-amount_agreement"} <= set(page.ids())


def test_the_matrix_says_what_was_done_where_the_provider_misbehaved(overcharged, held):
    assert 'id="resilience"' in render([overcharged])
    assert "new-key retry" in "".join(Page(render([overcharged])).texts)
    assert 'id="resilience"' not in render([held])


def test_the_same_run_gives_the_same_page(overcharged, held):
    assert render([held, overcharged], 5) == render([held, overcharged], 5)
