"""Forms and queries with brackets, read into the values that a schema speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

PAIRS_MAX = 1000
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


class UnreadableForm(ValueError):
    """A form whose names contradict each other."""


Resolve = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def unfolded(text: str) -> dict[str, Any]:
    """Give nested dictionaries and lists of text; raises ValueError where they contradict themselves."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=PAIRS_MAX):
        found = _NAME.fullmatch(name)
        if found is None:
            raise UnreadableForm("a parameter's name is unreadable")
        _put(root, [found[1], *_PART.findall(found[2])], value)
    return root


def listed(text: str, name: str, *, is_exploded: bool) -> dict[str, str]:
    """Give the members of a parameter that is a list, by their places: told one by one, or with commas."""
    told = [
        one for key, one in parse_qsl(text, keep_blank_values=True, max_num_fields=PAIRS_MAX) if key == name
    ]
    members = told if is_exploded else [part for one in told for part in one.split(",")]
    return {str(n): one for n, one in enumerate(members)}


def kinds_of(schema: Mapping[str, Any], resolve: Resolve) -> set[str]:
    """Give the types that a schema allows, also where it only puts others together; empty: any."""
    kinds = _joined(schema, resolve).get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def typed(value: Any, schema: Mapping[str, Any], resolve: Resolve) -> Any:
    """Give a value of a form as what its schema asks for, where its text can be read so.

    Everything in a form is text. What cannot be read as a number or a truth stays text, and fails the schema.
    """
    schema = _joined(schema, resolve)
    for word in ("anyOf", "oneOf"):
        for choice in schema.get(word, ()):
            if _fits(value, resolve(choice)):
                return typed(value, choice, resolve)
    kinds = kinds_of(schema, resolve)
    match value:
        case str():
            return _read(value, kinds)
        case dict() if "array" in kinds and all(part.isdecimal() for part in value):
            items = schema.get("items", {})
            return [typed(value[part], items, resolve) for part in sorted(value, key=int)]
        case dict():
            known = schema.get("properties", {})
            rest = schema.get("additionalProperties", {})
            rest = rest if isinstance(rest, Mapping) else {}
            return {name: typed(one, known.get(name, rest), resolve) for name, one in value.items()}
    return value


def _joined(schema: Mapping[str, Any], resolve: Resolve) -> Mapping[str, Any]:
    """Give a schema with what it is put together from, as far as reading a text needs it."""
    schema = resolve(schema)
    if "allOf" not in schema:
        return schema
    parts = [*(_joined(one, resolve) for one in schema["allOf"]), schema]
    properties = {name: one for part in parts for name, one in part.get("properties", {}).items()}
    made = {word: one for part in parts for word, one in part.items()}
    return made | ({"properties": properties} if properties else {})


def _put(root: dict[str, Any], path: list[str], value: str) -> None:
    here = root
    for part in path[:-1]:
        here = here.setdefault(part or str(len(here)), {})
        if not isinstance(here, dict):
            raise UnreadableForm("a parameter is both a value and a hash")
    here[path[-1] or str(len(here))] = value


def _read(text: str, kinds: set[str]) -> Any:
    if "integer" in kinds and _WHOLE.fullmatch(text):
        return int(text)
    if "number" in kinds and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    return text


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Say whether a choice is about a value of this form, a hash or a single text."""
    return (schema.get("type") in {"object", "array"}) == isinstance(value, dict)
