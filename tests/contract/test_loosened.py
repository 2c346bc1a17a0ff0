"""A loosened document: what is left out is not missing, what is not promised is refused."""

import jsonschema
import pytest

from badgateway.contract.loosened import loosened

DOCUMENT = {
    "components": {
        "schemas": {
            "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
            "Order": {
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {"required": ["total"], "properties": {"total": {"type": "integer"}}},
                ]
            },
            "Sum": {
                "oneOf": [{"required": ["a"], "properties": {"a": {}, "c": {}}}, {"properties": {"b": {}}}]
            },
            "Open": {"type": "object", "additionalProperties": {"type": "integer"}, "required": ["x"]},
            "Alone": {"type": "object", "properties": {"of": {"$ref": "#/components/schemas/Base"}}},
            "Any": {"type": "object", "additionalProperties": True, "properties": {"a": {}}},
            "Free": {"type": ["object", "null"]},
            "Page": {"type": "array", "minItems": 2, "items": {"$ref": "#/components/schemas/Order"}},
            "required": {"properties": {"required": {"type": "string"}}},
        }
    }
}


def fits(name, value):
    schema = {**loosened(DOCUMENT), "$ref": f"#/components/schemas/{name}"}
    return jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Base", {}),
        ("Order", {}),
        ("Order", {"id": "o1"}),
        ("Order", {"total": 1}),
        ("Sum", {"c": 1}),
        ("Open", {"y": 1}),
        ("Page", [{"total": 1}]),
        ("Alone", {"of": {"id": "x"}}),
        ("Any", {"a": 1}),
        ("Free", None),
        ("required", {"required": "x"}),
    ],
)
def test_what_is_left_out_is_not_missing(name, value):
    assert fits(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Order", {"id": 1}),
        ("Order", {"price": 1}),
        ("Sum", {"d": 1}),
        ("Open", {"y": "1"}),
        ("Page", [{"price": 1}]),
        ("Alone", {"of": {"more": 1}}),
        ("Any", {"b": 1}),
        ("Free", {"b": 1}),
        ("required", {"id": "o1"}),
    ],
)
def test_what_is_not_promised_is_refused(name, value):
    assert not fits(name, value)


def test_an_object_that_only_others_are_put_together_from_stays_open():
    """Whoever refers to it closes it as a whole; closed by itself it would refuse the others' fields."""
    assert fits("Base", {"more": 1})


def test_the_document_itself_is_left_as_it_is():
    before = repr(DOCUMENT)

    loosened(DOCUMENT)

    assert repr(DOCUMENT) == before
