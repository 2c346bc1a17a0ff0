"""A document's schemas turned round: nothing has to be there, nothing may be there that is not promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Whoever reads two fields of twenty asks for no more than these two; a list may be shown with one member.
_DROPPED = frozenset({"required", "dependentRequired", "minProperties", "minItems", "not"})
_NAMED = frozenset(
    {"properties", "patternProperties", "$defs", "schemas", "responses"}
)  # their keys are names
_DATA = frozenset({"const", "enum", "default", "example", "examples", "value"})
_CHOICES = frozenset({"anyOf", "oneOf"})
_PARTS = frozenset({"allOf", "if", "then", "else"})
# Of an object that stands for itself, of one that others are put together from, and of what is inside it.
_SCHEMAS, _ALONE = (
    "#/components/schemas/",
    ".alone",
)  # the second: of the copy of a part that stands for itself
_WHOLE, _PART, _WITHIN = "whole", "part", "within"


def loosened(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give a copy in which every object is closed and no field is required.

    An object that is put together with `allOf` is closed as a whole, so that its parts stay open.
    """
    made: dict[str, Any] = _turned(document, frozenset(_referred(document)), "#", _WHOLE)
    return made


def _turned(node: Any, parts: frozenset[str], place: str, role: str) -> Any:
    if isinstance(node, list):
        return [_turned(one, parts, f"{place}/{n}", role) for n, one in enumerate(node)]
    if not isinstance(node, Mapping):
        return node
    role = _PART if place in parts else role
    inside = _WHOLE if role == _WHOLE else _WITHIN
    made: dict[str, Any] = {}
    for word, value in node.items():
        where = f"{place}/{_escaped(word)}"
        if word in _DATA:
            made[word] = value
        elif word in _NAMED and isinstance(value, Mapping):
            made[word] = _members(value, parts, where, inside)
        elif word not in _DROPPED or isinstance(value, bool):
            is_part = word in _PARTS or (word in _CHOICES and "properties" in node)
            made[_unique(word)] = _turned(value, parts, where, _PART if is_part else inside)
    if role == _WHOLE and node.get("$ref") in parts:
        # What others are put together from stands for itself here.
        if len(node) == 1 and node["$ref"].startswith(_SCHEMAS):
            made["$ref"] = node["$ref"] + _ALONE
        else:
            made["unevaluatedProperties"] = False
    return _shut(made, node, role)


def _members(named: Mapping[str, Any], parts: frozenset[str], place: str, role: str) -> dict[str, Any]:
    """Turn what stands under names; of a schema that is a part of others, a copy stands for itself."""
    made = {name: _turned(one, parts, f"{place}/{_escaped(name)}", role) for name, one in named.items()}
    if f"{place}/" == _SCHEMAS:
        for name, one in named.items():
            if f"{place}/{_escaped(name)}" in parts:
                alone = f"{name}{_ALONE}"
                made[alone] = _turned(one, parts, f"{place}/{_escaped(alone)}", _WHOLE)
    return made


def _shut(made: dict[str, Any], node: Mapping[str, Any], role: str) -> dict[str, Any]:
    """Close an object that stands for itself, and leave one open that is closed with what it is a part of."""
    if made.get("additionalProperties") in (True, {}):
        # Whatever may be there is allowed, and nothing of it is promised.
        del made["additionalProperties"]
    if role == _PART:
        shut = [word for word in ("unevaluatedProperties", "additionalProperties") if made.get(word) is False]
        for word in shut:
            del made[word]
    elif role == _WHOLE and _is_object(node) and "additionalProperties" not in made:
        made["unevaluatedProperties"] = False
    return made


def _unique(word: str) -> str:
    # Without its required fields, more than one choice may fit.
    return "anyOf" if word == "oneOf" else word


def _is_object(node: Mapping[str, Any]) -> bool:
    is_one = node.get("type") == "object" or (isinstance(node.get("type"), list) and "object" in node["type"])
    return is_one or isinstance(node.get("properties"), Mapping) or isinstance(node.get("allOf"), list)


def _referred(node: Any) -> Iterator[str]:
    """Give where the schemas stand that others are put together from."""
    if isinstance(node, Mapping):
        for word, value in node.items():
            if word == "allOf" and isinstance(value, list):
                yield from (one["$ref"] for one in value if isinstance(one, Mapping) and "$ref" in one)
            yield from _referred(value)
    elif isinstance(node, list):
        for one in node:
            yield from _referred(one)


def _escaped(word: Any) -> str:
    return str(word).replace("~", "~0").replace("/", "~1")
