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


def typed(value: Any, schema: Mapping[str, Any], resolve: Resolve) -> Any:
    """Give a value of a form as what its schema asks for, where its text can be read so.

    Everything in a form is text. What cannot be read as a number or a truth stays text, and fails the schema.
    """
    schema = resolve(schema)
    for word in ("anyOf", "oneOf"):
        for choice in schema.get(word, ()):
            if _fits(value, resolve(choice)):
                return typed(value, choice, resolve)
    kinds = schema.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
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
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    return text


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Say whether a choice is about a value of this form, a hash or a single text."""
    return (schema.get("type") in {"object", "array"}) == isinstance(value, dict)
