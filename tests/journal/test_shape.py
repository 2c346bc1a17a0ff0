"""The quick check of an entry agrees with the thorough one that names what is wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from badgateway.journal.entry import KINDS
from badgateway.journal.shape import misfits, ordered, unsettled, whole

VALUES = st.sampled_from([None, True, 0, 1, 4.5, "text", ()])


@st.composite
def entries(draw):
    """Draw a kind, known or not, and fields that fit it, nearly fit it, or do not."""
    kind = draw(st.sampled_from([*KINDS, "run.weather"]))
    names = draw(st.permutations([*KINDS.get(kind, {})]))
    fitting = {name: 1 if name.endswith("_minor") else True for name in names}
    left_out = draw(st.sets(st.sampled_from(names), max_size=3)) if names else set()
    odd = draw(st.dictionaries(st.sampled_from([*names, "mood"]), VALUES, max_size=3))
    return kind, {name: value for name, value in (fitting | odd).items() if name not in left_out}


def looked_at(kind, data):
    return unsettled(kind, tuple(data), tuple(map(type, data.values())))


@given(entries())
def test_an_entry_is_well_formed_where_the_thorough_check_finds_nothing(entry):
    kind, data = entry

    found = looked_at(kind, data)

    assert (found is None) == bool(misfits(kind, whole(kind, data)))
    if found is not None:
        assert ordered(kind, data) == whole(kind, data)
        assert list(ordered(kind, data)) == list(KINDS[kind])


@given(entries())
def test_what_may_change_or_be_no_plain_value_is_named(entry):
    kind, data = entry

    found = looked_at(kind, data)

    if found is not None:
        settled = {type(value) for name, value in data.items() if name not in found}
        assert settled <= {str, int, bool, type(None)}
        assert {type(data[name]) for name in found} <= {float, tuple}


@given(entries())
def test_what_a_caller_gave_is_left_alone(entry):
    kind, data = entry
    before = dict(data)

    found = ordered(kind, data) if looked_at(kind, data) is not None else None

    assert data == before
    assert found is not data
