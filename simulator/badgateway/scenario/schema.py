"""The JSON Schema of a scenario file, made of the declared fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from badgateway.faults import FAULTS
from badgateway.ground import artifacts, duration
from badgateway.ground.money import currencies
from badgateway.ground.mutation import DRIFTS
from badgateway.scenario import language
from badgateway.scenario.language import Field, StepKind

Schema = dict[str, Any]

_NAME = "^[a-z][a-z0-9_]{0,19}$"
_ORDER = {"type": "string", "pattern": _NAME, "x-expected": "the name of an order, such as o1"}
_AMOUNT = {
    "type": ["number", "string"],
    "minimum": 0,
    "pattern": r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?$",
    "x-expected": "an amount such as 49.99",
}
_EVENT = {"type": "string", "minLength": 1, "x-expected": "an event such as payment.succeeded[1]"}
_VARIABLE = {"type": "string", "pattern": r"\$[a-z]"}


def scenario_schema(*, with_variables: bool = False) -> Schema:
    """Give the schema of a scenario; `with_variables` lets $name of the matrix stand for any plain value."""
    fields = {field.name: _described(field) for field in language.STORY}
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "badgateway scenario",
        **_object(language.STORY, fields),
    }
    parts: dict[str, Schema] = {
        "world": _object(language.WORLD),
        "matrix": _matrix(),
        "steps": {"type": "array", "minItems": 1, "maxItems": language.STEPS_MAX, "items": _step()},
        "faults": {"type": "array", "maxItems": 100, "items": _fault()},
        "deliveries": {"type": "array", "maxItems": 100, "items": _object(language.DELIVERY)},
        "load": {"type": "array", "maxItems": 20, "items": _object(language.LOAD)},
        "expect": _object(language.EXPECT),
    }
    for name, part in parts.items():
        open_part = _opened(part) if with_variables and name != "matrix" else part
        schema["properties"][name] = {**open_part, "description": schema["properties"][name]["description"]}
    return schema


def rules_schema() -> Schema:
    """Give the JSON Schema of a file with nothing but rules in it."""
    return _object(field for field in language.WORLD if field.name == "rules") | {"required": ["rules"]}


def schema_text() -> str:
    """Give the schema as it stands in specs/scenario.schema.json."""
    return artifacts.schema_text(scenario_schema(with_variables=True))


def _object(fields: Iterable[Field], given: Mapping[str, Schema] | None = None) -> Schema:
    fields = tuple(fields)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in fields if field.is_required],
        "properties": dict(given or {field.name: _described(field) for field in fields}),
    }


def _described(field: Field) -> Schema:
    later = "" if field.is_played else " (known, not played yet)"
    return {**_kind(field), "description": field.help + later}


def _kind(field: Field) -> Schema:
    by_kind: dict[str, Schema] = {
        "text": {"type": "string", "minLength": 1},
        "words": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
        "script": {"type": "array", "items": {"enum": list(field.choices)}, "minItems": 1},
        "order": _ORDER,
        "amount": _AMOUNT,
        "currency": {"enum": list(currencies())},
        "duration": {"type": "string", "pattern": duration.PATTERN, "x-expected": duration.EXPECTED},
        "choice": {"enum": list(field.choices)},
        "flag": {"type": "boolean"},
        "integer": {"type": "integer"},
        "selector": {"type": "string", "minLength": 1, "x-expected": "a selector such as charge[1]"},
        "event": _EVENT,
        "events": {"type": "array", "items": _EVENT, "minItems": 1, "maxItems": 10, "uniqueItems": True},
        "statuses": _by_order({"enum": list(field.choices)}),
        "amounts": _by_order(_AMOUNT),
        "mapping": {"type": "object"},
        "mutation": _mutation(field.choices),
        "providers": {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
                {"type": "string"},
            ]
        },
    }
    if field.kind == "rules":
        return {"type": "array", "items": _object(language.RULE), "minItems": 1, "maxItems": 20}
    schema = dict(by_kind.get(field.kind, {}))
    if field.kind == "script":
        return {**schema, "maxItems": field.maximum}
    if field.minimum is not None:
        schema["minimum"] = field.minimum
    if field.maximum is not None:
        schema["maximum"] = field.maximum
    return schema


def _mutation(kinds: Iterable[str]) -> Schema:
    return {
        "x-expected": "a kind of mutation such as unknown_enum, or {kind: drop_field, field: amount}",
        "anyOf": [
            {"type": "string", "enum": list(kinds)},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": list(kinds)},
                    "field": {"type": "string", "minLength": 1},
                    "drift": {"enum": list(DRIFTS)},
                },
            },
        ],
    }


def _by_order(value: Schema) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": _NAME, "x-expected": "the name of an order, such as o1"},
        "additionalProperties": value,
    }


def _matrix() -> Schema:
    scalar = {"type": ["string", "number", "boolean"]}
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _NAME, "x-expected": "a small word"},
        "additionalProperties": {"type": "array", "minItems": 1, "items": scalar},
    }


def _step() -> Schema:
    single = _single(language.STEPS)
    raced = _single(kind for kind in language.STEPS if kind.can_race)
    members = {
        "type": "array",
        "items": raced,
        "description": "a deliberate race: two or more operations at the same moment",
    }
    bursts = {"type": "integer", "minimum": 2, "maximum": language.BURSTS_MAX}
    repeated = {
        "type": "object",
        "additionalProperties": False,
        "required": ["steps", "repeat"],
        "properties": {"steps": members, "repeat": {**bursts, "description": "how many bursts"}},
    }
    single["anyOf"][1]["properties"]["together"] = {"anyOf": [members, repeated]}
    return single


def _single(kinds: Iterable[StepKind]) -> Schema:
    kinds = tuple(kinds)
    return {
        "x-expected": "a step such as `pay: o1`",
        "anyOf": [
            {"type": "string", "enum": [kind.name for kind in kinds if _stands_alone(kind)]},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "x-key": "step",
                "properties": {kind.name: _step_value(kind) for kind in kinds},
            },
        ],
    }


def _stands_alone(kind: StepKind) -> bool:
    return kind.short is None and not any(field.is_required for field in kind.fields)


def _step_value(kind: StepKind) -> Schema:
    described = {"description": f"{kind.who}: {kind.help}" + ("" if kind.is_played else " (not played yet)")}
    if kind.short is None and kind.fields:
        return {**_object(kind.fields), **described}
    if kind.short is None:
        return {"type": ["null", "object"], "maxProperties": 0, "x-expected": "nothing here", **described}
    short = next(field for field in kind.fields if field.name == kind.short)
    if any(field.is_required and field is not short for field in kind.fields):
        return {**_object(kind.fields), **described}
    return {"anyOf": [_kind(short), _object(kind.fields)], **described}


def _fault() -> Schema:
    # One option name may belong to several faults with different kinds: which it is, and whether its value
    # fits, is told when the plan is compiled. An editor offers all of them.
    schema = _object(language.FAULT)
    known = {option.name: {"description": option.help} for fault in FAULTS for option in fault.options}
    schema["properties"] = known | schema["properties"]
    names = list(FAULTS.names())
    schema["properties"]["do"] = {"enum": names, "description": schema["properties"]["do"]["description"]}
    schema["additionalProperties"] = True
    schema["anyOf"] = [{"required": [word]} for word in ("do", "decide", "lag", "skew")]
    return schema


def _opened(schema: Any) -> Any:
    """Let `$name` stand wherever a plain value is due."""
    if isinstance(schema, list):
        return [_opened(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    opened = {
        key: value if key in ("propertyNames", "required", "enum") else
        {name: _opened(part) for name, part in value.items()} if key == "properties" else _opened(value)
        for key, value in schema.items()
    }  # fmt: skip
    if "enum" in schema or ("type" in schema and schema["type"] not in ("object", "array")):
        told = {key: opened.pop(key) for key in ("description",) if key in opened}
        # Not `anyOf`: a wrong value should be told what is due there, and not that it is no variable.
        return {"if": {"not": _VARIABLE}, "then": opened, **told}
    return opened
