"""The shape of a JSON value: which paths it has, and of which types; the elements of a list are one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Shape = dict[str, frozenset[str]]
ROOT, EACH = "$", "[*]"
_NAMES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def shape_of(value: Any) -> Shape:
    """Give the types at each path, such as {"$.data[*].id": {"string"}}."""
    found: dict[str, set[str]] = {}
    for path, one in _walk(value, ROOT):
        found.setdefault(path, set()).add(type_of(one))
    return {path: frozenset(types) for path, types in found.items()}


def leaves(value: Any, path: str = ROOT) -> Iterator[tuple[str, Any]]:
    """Give each value that holds no other, with its path."""
    return ((place, one) for place, one in _walk(value, path) if not isinstance(one, dict | list))


def parent_of(path: str) -> str:
    """Give the path of what holds a path; of the root itself, nothing."""
    if path.endswith(EACH):
        return path.removesuffix(EACH)
    return path.rpartition(".")[0]


def type_of(value: Any) -> str:
    """Name a value's type in JSON's own words."""
    return "null" if value is None else _NAMES[type(value)]


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for name, one in value.items():
            # A dot in a name would read like a step of the path.
            yield from _walk(one, f"{path}.{name.replace('.', '·')}")
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one, path + EACH)
