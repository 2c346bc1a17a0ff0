"""An entry that is noted by its form is the one that is written by its names, and as sound."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground.clock import Clock
from badgateway.journal.entry import KINDS
from badgateway.journal.form import Form, form_of
from badgateway.journal.journal import Journal
from badgateway.journal.shape import may_be_null

ODD = st.sampled_from(
    [None, True, 7, 4.5, float("inf"), "text", "4242 4242 4242 4242", "\ud800", (1, "a"), [1], {"a": [1]}]
)


@st.composite
def writings(draw):
    """Draw a kind, some names in any order, and values that fit or do not; some nullable are left out."""
    kind = draw(st.sampled_from([*KINDS]))
    names = [name for name, text in KINDS[kind].items() if not may_be_null(text) or draw(st.booleans())]
    odd = draw(st.dictionaries(st.sampled_from([*names, "mood"]), ODD, max_size=3))
    fitting = {name: 1 if name.endswith("_minor") else True for name in names}
    data = fitting | odd
    return kind, {name: data[name] for name in draw(st.permutations([*data]))}


def told(journal):
    return [(entry.seq, entry.at_ms, entry.kind, entry.order, entry.data) for entry in journal.entries]


def complaint_of(writing):
    """Give what is said against an entry, or None."""
    try:
        writing()
    except AssertionError as error:
        return str(error)
    return None


@given(st.lists(writings(), max_size=4))
def test_noted_or_written_it_is_the_same_entry_or_the_same_complaint(written):
    by_name, by_form = Journal(Clock(5)), Journal(Clock(5))

    for kind, data in written * 2:  # the second time, its types are known
        named = complaint_of(partial(by_name.write, kind, "o1", **data))
        noted = complaint_of(partial(by_form.note, Form(kind, *data), "o1", tuple(data.values())))
        assert named == noted

    assert told(by_name) == told(by_form)


def test_a_form_that_is_known_tells_other_types_apart():
    journal, form = Journal(Clock(5)), Form("run.skipped", "step", "do", "why", "is_planned")
    journal.note(form, None, (1, "pay", "none", True))

    with pytest.raises(AssertionError, match="must be true or false"):
        journal.note(form, None, (1, "pay", "none", 1))
    journal.note(form, None, (1.5, "pay", "none", True))

    assert [entry.data["step"] for entry in journal.entries] == [1, 1.5]


def test_a_value_too_few_is_our_bug():
    with pytest.raises(ValueError, match="zip"):
        Journal(Clock(5)).note(Form("run.phase", "name"), None, ())


def test_what_changes_later_was_copied():
    journal, facts = Journal(Clock(5)), [1, 2]
    form = Form("settlement.payout", "payout", "amount_minor", "currency", "cause", "facts")

    journal.note(form, None, ("po_1", 5, "EUR", "act:pay", facts))
    facts.append(3)

    assert journal.entries[0].data["facts"] == [1, 2]


def test_entries_of_the_same_names_share_a_form():
    assert form_of("run.phase", ("name",)) is form_of("run.phase", ("name",))
