"""Forms with brackets are read into what a schema speaks of."""

import pytest

from badgateway.contract.form import UnreadableForm, typed, unfolded

SCHEMA = {
    "type": "object",
    "properties": {
        "amount": {"type": "integer"},
        "confirm": {"type": "boolean"},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "expand": {"type": "array", "items": {"type": "string"}},
        "created": {
            "anyOf": [{"type": "integer"}, {"type": "object", "properties": {"gte": {"type": "integer"}}}]
        },
    },
}


def read(text):
    return typed(unfolded(text), SCHEMA, lambda schema: schema)


def test_numbers_and_truths_are_read_where_the_schema_asks_for_them():
    assert read("amount=4999&confirm=true") == {"amount": 4999, "confirm": True}


def test_what_cannot_be_read_stays_text():
    assert read("amount=much&confirm=yes&other=7") == {"amount": "much", "confirm": "yes", "other": "7"}


def test_brackets_make_hashes_and_lists():
    found = read("metadata[order]=o1&metadata[0]=7&expand[0]=a&expand[1]=b&expand[]=c")

    assert found == {"metadata": {"order": "o1", "0": "7"}, "expand": ["a", "b", "c"]}


@pytest.mark.parametrize(("text", "value"), [("created=5", 5), ("created[gte]=5", {"gte": 5})])
def test_a_choice_is_taken_by_the_form_of_what_was_sent(text, value):
    assert read(text) == {"created": value}


@pytest.mark.parametrize("text", ["a=1&a[b]=2", "[a]=1"])
def test_names_that_contradict_each_other_are_refused(text):
    with pytest.raises(UnreadableForm):
        unfolded(text)
