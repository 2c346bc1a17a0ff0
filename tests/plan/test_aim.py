"""What a mutation aims at: words of the story become paths of the dialect, and how bad it is, is decided."""

import pytest

from badgateway.errors import InputError
from badgateway.ground.mutation import Landmarks
from badgateway.plan.aim import aim
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import read_scenario

MARKS = Landmarks(
    {
        "object": "$.data.object",
        "id": "$.data.object.id",
        "type": "$.type",
        "status": "$.data.object.status | $.status",
        "optional": "$.data.object.charge",
        "thin": "$.id | $.data.object.id",
    },
    required=("id", "status"),
)


def compiled(text):
    return compile_scenario(read_scenario(f"title: T\nsteps:\n  - pay: o1\n{text}\n", "f.yaml"), 1)[0]


@pytest.mark.parametrize(
    ("kind", "field", "drift"),
    [
        ("unknown_enum", "$.data.object.status | $.status", "unclear"),
        ("unknown_type", "$.type", "compatible"),
        ("drop_field", "$.data.object.charge", "compatible"),
        ("extra_field", "$.data.object", "compatible"),
        ("thin", "$.id | $.data.object.id", "breaking"),
    ],
)
def test_a_kind_without_a_field_aims_at_what_fits_it(kind, field, drift):
    assert aim({"kind": kind}, MARKS) == {"kind": kind, "field": field, "drift": drift}


@pytest.mark.parametrize("kind", ["spacing", "escapes", "key_order"])
def test_a_rewrite_aims_at_nothing_and_changes_no_fact(kind):
    assert aim({"kind": kind}, MARKS) == {"kind": kind, "drift": "same"}


@pytest.mark.parametrize("kind", ["drop_field", "null_field", "rename_field"])
@pytest.mark.parametrize("field", ["id", "status", "$.data.object.id", "$.data.object", "$.data", "object"])
def test_taking_what_is_required_or_what_holds_it_is_breaking(kind, field):
    assert aim({"kind": kind, "field": field}, MARKS)["drift"] == "breaking"


@pytest.mark.parametrize("field", ["optional", "$.data.object.idea", "$.data.object.id_of_old"])
def test_taking_anything_else_is_compatible(field):
    assert aim({"kind": "drop_field", "field": field}, MARKS)["drift"] == "compatible"


def test_an_unknown_word_elsewhere_hides_no_fact():
    assert aim({"kind": "unknown_enum", "field": "$.data.object.reason"}, MARKS)["drift"] == "compatible"


def test_a_story_may_know_better():
    values = {"kind": "drop_field", "field": "optional", "drift": "breaking"}

    assert aim(values, MARKS)["drift"] == "breaking"


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("statsu", "unknown field 'statsu'; did you mean 'status'?"),
        ("$.data..id", "'$.data..id' is no path; write it like $.data.object.status"),
        ("$.data[x]", "'$.data[x]' is no path"),
    ],
)
def test_a_field_that_nobody_knows_is_told_with_the_nearest(field, told):
    with pytest.raises(ValueError, match=r"unknown field|is no path") as refused:
        aim({"kind": "drop_field", "field": field}, MARKS)

    assert told in str(refused.value)


def test_the_plan_holds_the_dialects_own_paths_for_events_and_for_answers():
    plan = compiled(
        'deliveries:\n  - {event: "payment.succeeded[1]", mutate: {kind: null_field, field: id}}\n'
        'faults:\n  - {at: "charge[1]", do: mutate, kind: unknown_enum}'
    )

    assert plan.deliveries[0].mutate == {
        "kind": "null_field",
        "field": "$.data.object.id",
        "drift": "breaking",
    }
    assert str(plan.faults[0].values["field"]).startswith("$.status | ")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('faults:\n  - {at: "charge[1]", do: mutate, kind: drop_field, field: ammount}', ":5:"),
        ('deliveries:\n  - {event: "payment.succeeded[1]", mutate: {kind: thin, field: ammount}}', ":5:"),
    ],
)
def test_an_unknown_field_of_a_story_is_told_where_it_stands(text, place):
    with pytest.raises(InputError, match=r"unknown field 'ammount'; did you mean 'amount'\?") as refused:
        compiled(text)

    assert place in str(refused.value)


def test_an_unknown_kind_of_a_fault_is_told_with_the_nearest():
    with pytest.raises(InputError, match=r"did you mean 'unknown_enum'\?"):
        compiled('faults:\n  - {at: "charge[1]", do: mutate, kind: unknown_enumm}')
