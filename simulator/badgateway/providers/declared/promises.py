"""What a template promises: the JSON Schema of everything that it can be filled to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from badgateway.providers.declared.model import Spec
from badgateway.providers.declared.templates import SHAPE, is_each, is_when, sole_name

Schema = dict[str, Any]
_MONEY = frozenset({"amount", "held", "captured", "refunded", "refundable"})
_WHOLE = frozenset({"attempts", "count", "total", "status"})
# What a payment, a refund or an error may well lack, though it is there itself.
_OFTEN_NULL = frozenset({"reference", "method", "reason", "code", "param", "message", "challenge"})
_OF_A_PART = ("attempt.", "sent.", "remembered.")  # which an occasion may be without


def schema_of(template: Any, spec: Spec, given: Mapping[str, Schema] | None = None) -> Schema:
    """Give the schema of a filled template; `given` says of names what they are filled with here."""
    match template:
        case str():
            return _text(template, spec, given or {})
        case list():
            return {"type": "array", "items": _any_of(_member(one, spec, given) for one in template)}
        case Mapping() if is_each(template):
            return {"type": "array", "items": schema_of(template["show"], spec, given)}
        case Mapping() if is_when(template):
            return _any_of(schema_of(template.get(branch), spec, given) for branch in ("then", "else"))
        case Mapping():
            return _object({key: schema_of(part, spec, given) for key, part in template.items()})
        case _:
            return {"type": "null"} if template is None else {"const": template}


def shapes_of(spec: Spec) -> dict[str, Schema]:
    """Give the schema of each shape, by its name."""
    return {name: schema_of(shape, spec) for name, shape in spec.shapes.items()}


def any_of(schemas: Iterable[Schema]) -> Schema:
    """Give the schema of what is one of several, each of them named once."""
    return _any_of(schemas)


def _object(parts: Mapping[str, Schema]) -> Schema:
    shown = {
        key.removesuffix("?"): _there(part) if key.endswith("?") else part for key, part in parts.items()
    }
    return {
        "type": "object",
        "properties": shown,
        "required": [key for key in parts if not key.endswith("?")],
        "additionalProperties": False,
    }


def _member(one: Any, spec: Spec, given: Mapping[str, Schema] | None) -> Schema:
    """Give the schema of what one part of a list comes to; the members of an `each` are its own."""
    if is_each(one):
        return schema_of(one["show"], spec, given)
    # Nothing stands there where an untrue `when` has no `else`.
    return schema_of(one["then"] if is_when(one) and "else" not in one else one, spec, given)


def _text(text: str, spec: Spec, given: Mapping[str, Schema]) -> Schema:
    name = sole_name(text)
    if name is None:
        return {"type": "string"} if "{" in text else {"const": text}
    if name in given:
        return given[name]
    if name.startswith(SHAPE):
        return {"$ref": f"#/components/schemas/{name.removeprefix(SHAPE)}"}
    if name.startswith("words."):
        table = spec.words[name.removeprefix("words.")].table
        return {"enum": list(dict.fromkeys([*table.values(), None]))}
    kind = _kind(name, spec)
    if kind is None:
        return {}
    last = name.rpartition(".")[2]
    is_nullable = last in _OFTEN_NULL or name.startswith(_OF_A_PART)
    return {"type": [kind, "null"] if is_nullable else kind}


def _kind(name: str, spec: Spec) -> str | None:
    last = name.rpartition(".")[2]
    if name.startswith(("sent.", "remembered.")) or name == "error.code":
        return None  # what the merchant said, or any scalar
    if last in _MONEY:
        return "string" if spec.is_decimal else "integer"
    if last.startswith("is_") or last == "has_more":
        return "boolean"
    return "integer" if last in _WHOLE or last.endswith(("_s", "_ms")) else "string"


def _there(schema: Schema) -> Schema:
    """Give a schema without null: what is null is left out."""
    if isinstance(schema.get("type"), list):
        (kind,) = (one for one in schema["type"] if one != "null")
        return {**schema, "type": kind}
    if "enum" in schema:
        return {"enum": [one for one in schema["enum"] if one is not None]}
    if "anyOf" in schema:
        return _any_of(_there(one) for one in schema["anyOf"] if one != {"type": "null"})
    return schema


def _any_of(schemas: Iterable[Schema]) -> Schema:
    known = list({json.dumps(one, sort_keys=True): one for one in schemas}.values())
    return known[0] if len(known) == 1 else {"anyOf": known} if known else {}
