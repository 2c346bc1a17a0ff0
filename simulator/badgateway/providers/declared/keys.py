"""A mapping with declared keys as JSON Schema: the small grammar in which a provider file is described."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badgateway.ground import duration

Shape = Mapping[str, Any]  # a piece of JSON Schema


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping: its shape, and one sentence for people."""

    name: str
    shape: Shape
    help: str
    is_required: bool = False


def section(keys: tuple[Key, ...], others: Shape | None = None) -> Shape:
    """Give a mapping with these keys; `others` is the shape of keys that its writer names."""
    required = [key.name for key in keys if key.is_required]
    return {
        "type": "object",
        "properties": {key.name: {**key.shape, "description": key.help} for key in keys},
        "additionalProperties": dict(others) if others is not None else False,
        **({"required": required} if required else {}),
    }


def text(expected: str | None = None, pattern: str | None = None) -> Shape:
    """Give a text that is not empty."""
    shape: dict[str, Any] = {"type": "string", "minLength": 1}
    return shape | ({"pattern": pattern} if pattern else {}) | ({"x-expected": expected} if expected else {})


def choice(*words: str) -> Shape:
    """Give one of these words."""
    return {"enum": list(words)}


def words(*allowed: str) -> Shape:
    """Give a list of these words, each at most once."""
    return {"type": "array", "items": {"enum": list(allowed)}, "uniqueItems": True}


def listed(members: Shape, least: int = 0) -> Shape:
    """Give a list."""
    return {"type": "array", "items": members} | ({"minItems": least} if least else {})


def mapping(values: Shape, *, names: Shape | None = None) -> Shape:
    """Give a mapping whose keys its writer names."""
    shape: dict[str, Any] = {"type": "object", "additionalProperties": values}
    return shape | ({"propertyNames": names} if names else {})


def either(expected: str, *shapes: Shape) -> Shape:
    """Give a value of one of several shapes."""
    return {"anyOf": list(shapes), "x-expected": expected}


WORD = text("a word of a-z, 0-9 and _", r"^[a-z][a-z0-9_]*$")
DURATION = text(duration.EXPECTED, duration.PATTERN)
HTTP_STATUS: Shape = {"type": "integer", "minimum": 100, "maximum": 599}
COUNT: Shape = {"type": "integer", "minimum": 1, "maximum": 1000}
SCALAR: Shape = {"type": ["string", "integer", "boolean", "null"], "x-expected": "text or a whole number"}
FLAG: Shape = {"type": "boolean"}
TEMPLATE: Shape = {}  # any JSON value, whose texts are templates
