"""Every error of a document's shape is told with its place, what was found and the nearest valid word."""

import pytest

from badgateway.ground.shape import check_shape, show
from badgateway.ground.yaml12 import read_yaml

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "count": {"type": "integer", "minimum": 1, "maximum": 5},
        "price": {"type": ["number", "string"], "pattern": "^[1-9][0-9]*$", "x-expected": "an amount"},
        "is_on": {"type": "boolean"},
        "how": {"enum": ["in_turn", "at_once"]},
        "level": {"enum": [1, 2]},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 2},
        "step": {
            "anyOf": [
                {"type": "string", "enum": ["kill", "restart"]},
                {"type": "object", "additionalProperties": False, "x-key": "step", "maxProperties": 1,
                 "properties": {"pay": {"$ref": "#/$defs/pay"}}},
            ]
        },
        "names": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$", "x-expected": "a small word"}},
        "kind": {"const": "a"},
    },
    "$defs": {"pay": {"type": "object", "required": ["order"], "properties": {"order": {"type": "string"}}}},
}  # fmt: skip


def told(*lines):
    return [str(problem) for problem in check_shape(read_yaml("\n".join(lines), "f.yaml"), SCHEMA)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nmae: x", "1:1: unknown key 'nmae'; did you mean 'name'?"),
        (
            "count: 1e3",
            "1:8: count: found '1e3', expected a whole number (a number has no exponent here: write it out)",
        ),
        ('count: "3"', "1:8: count: found '3', expected a whole number (take the quotes away)"),
        ("count: 2.5", "1:8: count: found 2.5, expected a whole number"),
        ("count: 0", "1:8: count: found 0, expected at least 1"),
        ("count: 6", "1:8: count: found 6, expected at most 5"),
        ("price: 010", "1:8: price: found '010': a number has no leading zeros (drop them)"),
        ("price: ten", "1:8: price: found 'ten', expected an amount"),
        ("price: []", "1:8: price: found an empty list, expected an amount"),
        (
            "is_on: yes",
            "1:8: is_on: found 'yes', expected true or false (YAML 1.2 knows true and false only)",
        ),
        ("how: at_onse", "1:6: how: found 'at_onse'; did you mean 'at_once'?"),
        ("level: 3", "1:8: level: found 3, expected one of: 1, 2"),
        ("tags: smoke", "1:7: tags: found 'smoke', expected a list (write a list: [...])"),
        ("tags: [a, 1]", "1:11: tags[1]: found 1, expected text (quote it)"),
        ("tags: [a, a]", "1:7: tags: a member is listed twice (keep one of the two)"),
        ("tags: [a, b, c]", "1:7: tags: found a list, expected at most 2 members"),
        ("step: kil", "1:7: step: found 'kil'; did you mean 'kill'?"),
        ("step: {pya: 1}", "1:8: step: unknown step 'pya'; did you mean 'pay'?"),
        ("step: {pay: {}}", "1:8: step.pay: 'order' is missing (add `order: ...`)"),
        ("step: [1]", "1:7: step: found a list, expected text or a mapping"),
        ("names: {A1: x}", "1:9: names: key 'A1' is not allowed here, expected a small word"),
        ("kind: b", "1:7: kind: found 'b', expected 'a'"),
    ],
)
def test_error_is_a_sentence_with_its_place(line, expected):
    rest = [] if line.startswith("nmae") else ["name: x"]

    assert f"f.yaml:{expected}" in told(line, *rest)


def test_right_document_has_no_problem():
    assert told("name: x", "count: 3", "step: {pay: {order: o1}}", "price: '12'") == []


def test_all_problems_are_told_in_the_order_of_the_file():
    assert [line.split(": ")[0] for line in told("zzz: 1", "count: 0", "how: x")] == [
        "f.yaml:1:1",
        "f.yaml:1:1",
        "f.yaml:2:8",
        "f.yaml:3:6",
    ]


def test_what_was_found_is_shown_shortly():
    assert show("x" * 500) == repr("x" * 57 + "...")
    assert [show(value) for value in (None, True, {}, [1])] == [
        "nothing",
        "true",
        "an empty mapping",
        "a list",
    ]
