"""The five-lane timeline as a drawing."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.journal.entry import KINDS, Entry
from badgateway.report.html_axis import lay_axis
from badgateway.report.html_lanes import LANES
from badgateway.report.html_timeline import ENTRIES_MAX, draw

DAY_MS = 86_400_000


def drawn(entries, proof=()):
    """Give the drawing's tree; well-formed markup is XML as long as attributes have values."""
    return ET.fromstring(draw("case-1", entries, frozenset(proof)))


def words(tree):
    return [node.text for node in tree.iter("text")]


def test_the_five_lanes_are_named(overcharged):
    assert set(LANES) <= set(words(drawn(overcharged.entries)))


def test_every_mark_tells_its_entry_when_the_pointer_rests_on_it(overcharged):
    told = {
        node.get("id"): node.find("title").text
        for node in drawn(overcharged.entries).iter("g")
        if node.get("id")
    }

    assert told["case-1-8"] == "+0.006 s  o1: the integration sees no answer, close  [8]"


def test_proof_stands_out_and_can_be_reached_by_keyboard(overcharged):
    tree = drawn(overcharged.entries, {2, 6, 10})

    links = [node.find("g").get("id") for node in tree.iter("a")]

    assert sorted(links) == ["case-1-10", "case-1-2", "case-1-6"]
    assert len([node for node in tree.iter("circle") if node.get("class") == "halo"]) == 3


def test_a_lost_answer_is_cut_off_on_its_way(overcharged):
    tree = drawn(overcharged.entries)

    assert [node.get("class") for node in tree.iter("path")].count("way") == 1
    assert "#sign-cut" in [node.get("href") for node in tree.iter("use")]


def test_the_time_of_a_fault_is_shaded_and_labelled(overcharged):
    tree = drawn(overcharged.entries)

    assert "band fault" in [node.get("class") for node in tree.iter("rect")]
    assert "close after commit" in words(tree)


def test_virtual_time_that_was_jumped_is_marked():
    entries = tuple(
        Entry(seq, at_ms, float(seq), "view.read", "o1", {"status": status})
        for seq, at_ms, status in ((1, 0, "PENDING"), (2, 3 * DAY_MS, "PAID"))
    )

    tree = drawn(entries)

    assert "» +3d" in words(tree)
    assert "band jump" in [node.get("class") for node in tree.iter("rect")]


def test_the_view_is_coloured_by_status_and_foreign_words_get_no_class_of_their_own():
    entries = tuple(
        Entry(seq, 0, seq * 900.0, "view.read", "o1", {"status": status})
        for seq, status in ((1, "PARTIALLY_REFUNDED"), (2, "lane even"))
    )

    classes = [node.get("class") for node in drawn(entries).iter("g")]

    assert "view is-partially-refunded" in classes
    assert "view is-other" in classes


def test_labels_of_one_lane_do_not_overlap(overcharged):
    calls = tuple(
        Entry(seq, 0, seq * 0.1, "call.arrived", "o1", {"call": f"c{seq}", "op": "fetch", "n": seq})
        for seq in range(1, 9)
    )

    places = [
        (int(node.get("y")), int(node.get("x"))) for node in drawn(calls).iter("text") if "fetch" in node.text
    ]

    for row in {y for y, _ in places}:
        lefts = sorted(x for y, x in places if y == row)
        assert all(right - left > 40 for left, right in pairwise(lefts))


def test_a_long_journal_is_drawn_as_far_as_it_is_bounded():
    entries = tuple(
        Entry(seq, 0, float(seq), "op.acted", "o1", {"do": "abandon"}) for seq in range(1, ENTRIES_MAX + 50)
    )

    text = draw("case-1", entries, frozenset({ENTRIES_MAX + 20}))

    assert text.count("abandon  [") == ENTRIES_MAX
    assert f"the first {ENTRIES_MAX} of {ENTRIES_MAX + 49} entries" in text


def test_nothing_seen_is_nothing_drawn():
    assert draw("case-1", (), frozenset()) == ""


def test_what_came_later_never_stands_further_left(overcharged):
    axis = lay_axis(overcharged.entries, {})

    places = [axis.x(entry.seq) for entry in overcharged.entries]

    assert places == sorted(places)
    assert len(set(places)) == len(places)


FIELDS = {
    "call": st.sampled_from(["c1", "c2", None]),
    "op": st.sampled_from(["charge", "fetch", None]),
    "delivery": st.sampled_from(["d1", "d2"]),
    "status": st.sampled_from([None, 200, 500]),
    "class": st.sampled_from(["genuine", "forged"]),
    "amount_minor": st.sampled_from([None, 1, 10**12]),
}


@st.composite
def journals(draw_):
    """Broken-off journals of any kinds in any order, with fields that may be missing."""
    kinds = draw_(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=30))
    entries = []
    for seq, kind in enumerate(kinds, 1):
        known = [name for name in KINDS[kind] if name in FIELDS]
        data = {name: draw_(FIELDS[name]) for name in known if draw_(st.booleans())}
        order = draw_(st.sampled_from([None, "o1", "o2"]))
        entries.append(Entry(seq, draw_(st.sampled_from([0, DAY_MS])), float(seq), kind, order, data))
    return tuple(entries)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(journals(), st.sets(st.integers(1, 40)))
def test_any_journal_can_be_drawn_and_every_proof_has_its_place(entries, proof):
    text = draw("case-1", entries, frozenset(proof))

    ids = re.findall(r' id="(case-1-\d+)"', text)
    seen = {f"case-1-{entry.seq}" for entry in entries if entry.seq in proof}

    assert seen <= set(ids)
    assert len(ids) == len(set(ids))
