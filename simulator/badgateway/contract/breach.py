"""One way in which a value is not what a document says: a sentence without it, and what either side has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from badgateway.ground.redact import redact

MISSING, UNKNOWN, OTHER = "missing", "unknown", "other"
NOTHING = "nothing"
Path = tuple[str | int, ...]

_SENTENCE_MAX, _SHOWN_MAX = 200, 80
_TYPES = {
    "integer": "an integer",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "null": "null",
    "object": "an object",
    "array": "a list",
}
_CHOICES = frozenset({"anyOf", "oneOf"})
_CLOSED = frozenset({"additionalProperties", "unevaluatedProperties"})


@dataclass(frozen=True, slots=True)
class Breach:
    """Where it is, what stands there, and what the document says of it."""

    part: str  # of a message: query, path, header, status, body
    path: Path  # from there on
    has: str
    says: str
    sentence: str  # repeats no value: a form may hold a card
    way: str = OTHER  # MISSING: it has to be there; UNKNOWN: the document names no such thing


def breaches(error: Any, part: str) -> Iterator[Breach]:
    """Read one error of a validator; `oneOf` and `anyOf` are told by the choice that fits best."""
    yield from _read(error, part, sentence_of(error))


def sentence_of(error: Any) -> str:
    """Say an error without the value that it is about."""
    place = "/".join(str(one) for one in error.instance_path)
    return (f"{place}: {error.message}" if place else str(error.message))[:_SENTENCE_MAX]


def shown(value: Any) -> str:
    """Show a value of a pact, short and without secrets."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return redact(json.dumps(value, ensure_ascii=False))[:_SHOWN_MAX]


def _read(error: Any, part: str, sentence: str) -> Iterator[Breach]:
    kind, path = error.kind, tuple(error.instance_path)
    if kind.name == "required":
        yield Breach(part, (*path, kind.property), NOTHING, "it has to be there", sentence, MISSING)
    elif kind.name in _CLOSED and isinstance(error.instance, dict):
        for name in kind.unexpected:
            has = shown(error.instance.get(name))
            yield Breach(part, (*path, name), has, "nothing of this name", sentence, UNKNOWN)
    elif kind.name in _CHOICES and (best := _best(error)):
        for one in best:
            yield from _read(one, part, sentence)
    else:
        yield Breach(part, path, shown(error.instance), _said(error), sentence)


def _best(error: Any) -> list[Any]:
    """Give the errors of the one choice that is about a value of this kind; none: there is not one such."""
    here = tuple(error.instance_path)
    fitting = [
        choice
        for choice in error.kind.context
        if not any(
            one.kind.name in {"type", "const", "enum"} and tuple(one.instance_path) == here for one in choice
        )
    ]
    return min(fitting, key=len) if fitting else []


def _said(error: Any) -> str:
    kind = error.kind
    match kind.name:
        case "type":
            return " or ".join(_TYPES.get(name, name) for name in sorted(kind.types))
        case "enum":
            return f"one of {', '.join(_plain(one) for one in kind.options)}"[:_SENTENCE_MAX]
        case "const":
            return _plain(kind.expected_value)
        case "falseSchema":
            return "nothing of this name"
        case "anyOf" | "oneOf":
            told = dict.fromkeys(_said(one) for choice in kind.context for one in choice)
            return " or ".join(told) or "exactly one of its choices"
    value = kind.value
    return f"{kind.name} {_plain(value)}"[:_SENTENCE_MAX]


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda one: str(one).partition("\n")[0])
