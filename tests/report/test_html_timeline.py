"""The five-lane timeline as a drawing."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.journal.entry import KINDS, Entry
from badgateway.report.html_axis import lay_axis, letters
from badgateway.report.html_bars import BESIDE, LANES
from badgateway.report.html_timeline import ENTRIES_MAX, ONLY_AS_PROOF, Focus, draw

DAY_MS = 86_400_000


def drawn(entries, proof=(), **more):
    """Give the drawing's tree; well-formed markup is XML as long as attributes have values."""
    return ET.fromstring(draw("case-1", entries, Focus(frozenset(proof), **more)))


def words(tree):
    return [node.text for node in tree.iter("text")]


def test_the_five_lanes_are_named(overcharged):
    assert set(LANES) - {BESIDE} <= set(words(drawn(overcharged.entries)))


def test_what_is_seen_beside_the_payment_has_a_lane_only_where_there_is_something(overcharged, entry):
    beside = (*overcharged.entries, entry(13, "effect.seen", effect="mail", n=2, is_taken=True))

    assert BESIDE not in words(drawn(overcharged.entries))
    assert BESIDE in words(drawn(beside))
    assert "mail number 2" in words(drawn(beside))


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

    text = draw("case-1", entries, Focus(frozenset({ENTRIES_MAX + 20})))

    assert text.count("abandon  [") == ENTRIES_MAX
    assert f"{ENTRIES_MAX} of {ENTRIES_MAX + 49} entries" in text


def test_nothing_seen_is_nothing_drawn():
    assert draw("case-1", (), Focus()) == ""


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
    text = draw("case-1", entries, Focus(frozenset(proof)))

    ids = re.findall(r' id="(case-1-\d+)"', text)
    seen = {f"case-1-{entry.seq}" for entry in entries if entry.seq in proof}

    assert seen <= set(ids)
    assert len(ids) == len(set(ids))


# Enough of each kind for it to be part of a story; what begins with a call or a delivery ends one, too.
_FIELDS = {
    "op.invoked": {"op": "op1", "step": 1, "do": "pay"},
    "op.returned": {"op": "op1", "do": "pay", "outcome": "ok"},
    "fault.fired": {"call": "call1", "do": "close", "phase": "after_commit"},
    "webhook.sent": {"delivery": "delivery1"},
    "webhook.answered": {"delivery": "delivery1", "status": 200},
    "view.read": {"status": "PAID"},
    "run.canary": {"door": "card", "canary": "card number"},
    "process.started": {"instance": "new"},
    "process.exited": {"instance": "old"},
}


def one_of_each_kind():
    """Give a journal with one entry of each kind, what ends something after what begins it."""
    order = ("invoked", "arrived", "sent", "fired", "committed")
    kinds = sorted(KINDS, key=lambda kind: (kind.partition(".")[2] not in order, kind))
    fields = {"call": "call1", "amount_minor": 100}
    return tuple(
        Entry(seq, 0, float(seq), kind, "o1", fields | _FIELDS.get(kind, {}))
        for seq, kind in enumerate(kinds, start=1)
    )


def test_every_kind_of_entry_is_drawn_or_left_out_by_name():
    entries = [one for one in one_of_each_kind() if one.kind != "call.answered"]
    entries += [Entry(len(KINDS) + 1, 0, 99.0, "call.answered", "o1", {"call": "call1", "status": 200})]

    shown = {node.get("id") for node in drawn(entries).iter("g") if node.get("id")}

    kinds = {entry.kind for entry in entries if f"case-1-{entry.seq}" in shown}
    assert kinds == set(KINDS) - ONLY_AS_PROOF


def test_what_is_left_out_is_drawn_where_it_proves_something():
    entries = one_of_each_kind()
    proof = {entry.seq for entry in entries if entry.kind in ONLY_AS_PROOF}

    shown = {node.get("id") for node in drawn(entries, proof).iter("g")}

    assert {f"case-1-{seq}" for seq in proof} <= shown


def test_the_part_of_a_long_journal_is_drawn_in_which_the_cause_is_proven():
    entries = [Entry(seq, 0, float(seq), "op.acted", "o1", {"do": "abandon"}) for seq in range(1, 1001)]

    shown = {node.get("id") for node in drawn(entries, {700}, at=700).iter("g")}

    assert "case-1-700" in shown
    assert "case-1-1000" not in shown
    assert len([name for name in shown if name]) == ENTRIES_MAX


def test_the_step_of_no_return_is_a_line(overcharged):
    tree = drawn(overcharged.entries, no_return=1)

    assert "no way back from here" in words(tree)
    assert [node.get("class") for node in tree.iter("path")].count("no-return") == 1


def test_a_version_that_is_retired_leaves_no_gap(entry):
    entries = (
        entry(1, "run.started", order=None),
        entry(2, "process.started", order=None, pid=2, instance="new"),
        entry(3, "process.exited", order=None, pid=1, code=0, is_expected=True, instance="old"),
    )

    tree = drawn(entries)

    assert "band down" not in [node.get("class") for node in tree.iter("rect")]
    assert any("the old version of the integration exited as asked" in (word or "") for word in words(tree))


def test_the_label_of_what_happened_last_is_not_cut_off(overcharged, entry):
    last = entry(13, "canary.seen", after_ms=61, canary="card number in the provider's words", place="log")

    tree = drawn((*overcharged.entries, last))

    label = next(node for node in tree.iter("text") if "found in log" in (node.text or ""))
    width = next(int(node.get("width")) for node in tree.iter("svg") if node.get("class") == "timeline")
    assert int(label.get("x")) + letters(label.text) < width
