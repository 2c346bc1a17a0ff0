"""Mutations of a JSON body: exactly one thing changes, or nothing does and that is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground.mutation import KINDS, REWRITES, mutate

EVENT = {
    "id": "evt_1",
    "type": "payment_intent.succeeded",
    "data": {"object": {"id": "pi_1", "status": "succeeded", "amount": 4999, "note": "Zoë", "charge": None}},
}
PLACES = {
    "unknown_enum": "$.data.object.status",
    "unknown_type": "$.type",
    "null_field": "$.data.object.amount",
    "drop_field": "$.data.object.amount",
    "rename_field": "$.data.object.amount",
    "extra_field": "$.data.object",
    "thin": "$.id | $.data.object.id",
}
LAYOUTS = [{"indent": 2, "ensure_ascii": False}, {"separators": (",", ":")}, {}, {"indent": 4}]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def changed(kind, field=None, layout=None, value=EVENT):
    body = json.dumps(value, **(LAYOUTS[0] if layout is None else layout)).encode()
    return body, mutate(body, kind, field or PLACES.get(kind, "$"), "compatible")


def shown(kind, field=None):
    return json.loads(changed(kind, field)[1].body)


def test_an_unknown_word_takes_the_place_of_a_known_one():
    assert shown("unknown_enum")["data"]["object"]["status"] == "something_new"


def test_an_unknown_type_stays_in_its_family():
    assert shown("unknown_type")["type"] == "payment_intent.something_new"


def test_a_field_becomes_null_or_is_gone_or_has_another_name_in_the_same_place():
    assert shown("null_field")["data"]["object"]["amount"] is None
    assert "amount" not in shown("drop_field")["data"]["object"]
    assert list(shown("rename_field")["data"]["object"]) == ["id", "status", "amount_v2", "note", "charge"]


def test_an_extra_field_comes_last_and_leaves_the_others_alone():
    mutated = shown("extra_field")["data"]["object"]

    assert list(mutated) == [*EVENT["data"]["object"], "something_new"]
    assert {name: mutated[name] for name in EVENT["data"]["object"]} == EVENT["data"]["object"]


def test_a_thin_body_keeps_what_is_named_and_nothing_else():
    assert shown("thin") == {"id": "evt_1", "data": {"object": {"id": "pi_1"}}}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(REWRITES)))
def test_nothing_but_the_mutation_differs_in_the_bytes(kind, layout):
    body, found = changed(kind, layout=layout)

    assert found.body == json.dumps(json.loads(found.body), **layout).encode()
    assert found.body != body


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", REWRITES)
def test_a_rewrite_has_the_same_content_in_other_bytes(kind, layout):
    body, found = changed(kind, layout=layout)

    assert json.loads(found.body) == EVENT
    assert found.body != body
    assert found.what == kind


@given(value=VALUES, kind=st.sampled_from(REWRITES))
def test_a_rewrite_never_changes_the_content(value, kind):
    body = json.dumps(value).encode()

    found = mutate(body, kind, "$", "same")

    assert found is None or (json.loads(found.body) == value and found.body != body)


def test_keys_come_backwards_at_every_depth():
    found = changed("key_order")[1]

    assert list(json.loads(found.body)) == ["data", "type", "id"]
    assert next(iter(json.loads(found.body)["data"]["object"])) == "charge"


def test_escapes_hide_letters_that_need_none():
    assert b"payment\\u005fintent.succeeded" in changed("escapes")[1].body
    assert b"Zo\\u00eb" in changed("escapes")[1].body


def test_the_first_path_that_leads_somewhere_is_meant():
    found = changed("drop_field", "$.error.code | $.data.object.amount | $.type")[1]

    assert found.what == "drop_field $.data.object.amount"


def test_a_path_may_lead_into_a_list():
    found = changed("unknown_enum", "$.rows[1].status", value={"rows": [{"status": "a"}, {"status": "b"}]})[1]

    assert json.loads(found.body) == {"rows": [{"status": "a"}, {"status": "something_new"}]}


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("unknown_enum", "$.data.object.amount"),  # a number is no word
        ("unknown_enum", "$.nowhere"),
        ("unknown_type", "$.data"),
        ("null_field", "$.data.object.charge"),  # null already
        ("drop_field", "$.data.object[0]"),
        ("drop_field", "$"),
        ("rename_field", "$"),
        ("extra_field", "$.id"),
        ("thin", "$.nowhere"),
    ],
)
def test_where_there_is_nothing_to_change_it_says_so(kind, field):
    assert changed(kind, field)[1] is None


@pytest.mark.parametrize(
    "body", [b"", b"amount=1&currency=eur", b"<html></html>", b"\xff\xfe", b"[" * 100_000]
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_json_is_left_alone(kind, body):
    assert mutate(body, kind, "$.status", "compatible") is None


@pytest.mark.parametrize(
    ("kind", "drift", "is_telling"),
    [
        ("spacing", "same", True),
        ("unknown_enum", "compatible", True),
        ("unknown_enum", "unclear", False),
        ("drop_field", "breaking", False),
    ],
)
def test_facts_are_told_where_none_of_them_is_unclear_or_gone(kind, drift, is_telling):
    body = json.dumps(EVENT).encode()

    assert mutate(body, kind, PLACES.get(kind, "$"), drift).is_telling is is_telling
