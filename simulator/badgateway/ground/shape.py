"""Shape: a document against a JSON Schema, each error told with its place and the nearest valid word.

A schema may carry `x-expected`, the words for what is due at a place ("a duration such as 250ms, 30s, 3d");
they are told instead of a type or a pattern. `x-key` says what a mapping's keys are ("step").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from badgateway.errors import Problem, nearest
from badgateway.ground.yaml12 import Document, Path, number_trap

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_SHOWN_MAX = 60


def check_shape(document: Document, schema: Mapping[str, Any]) -> list[Problem]:
    """Give every problem of a document's shape, in the order of the file, without duplicates.

    The schema is Draft 2020-12; one with an error of its own is our bug and is not looked for here.
    """
    # Serving a provider of the house checks no document, and starts in less time without the library.
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - see above

    validator = Draft202012Validator(dict(schema))
    found = {
        problem
        for error in validator.iter_errors(document.value)
        for problem in _problems(error, document, ())
    }
    return sorted(found)


def show(value: object) -> str:
    """Say what was found at a place, shortly, in YAML's own words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case str():
            return repr(value if len(value) <= _SHOWN_MAX else value[: _SHOWN_MAX - 3] + "...")
        case list():
            return "a list" if value else "an empty list"
        case _:
            return "a mapping" if value else "an empty mapping"


def _problems(error: ValidationError, document: Document, base: Path) -> Iterator[Problem]:
    path = (*base, *error.relative_path)
    instance: Any = error.instance
    rule: Any = error.validator_value
    match error.validator:
        case "anyOf" | "oneOf" if error.context:
            yield from _inner(error, document, path)
        case "additionalProperties" | "unevaluatedProperties":
            known, patterns = _known_keys(_schema(error))
            for key in instance:
                if key not in known and not any(re.search(pattern, key) for pattern in patterns):
                    kind = _schema(error).get("x-key", "key")
                    what = f"unknown {kind} {key!r}{nearest(key, known)}"
                    yield _at(document, (*path, key), path, what, at_key=True)
        case "required":
            for key in rule:
                if key not in instance:
                    yield _at(document, path, path, f"{key!r} is missing", f"add `{key}: ...`", at_key=True)
        case _ if "propertyNames" in error.relative_schema_path:
            yield _at(document, (*path, instance), path, _name_reason(error), at_key=True)
        case _:
            what, mend = _reason(error)
            yield _at(document, path, path, what, mend)


def _inner(error: ValidationError, document: Document, path: Path) -> Iterator[Problem]:
    """Give the reasons of the nearest branch: its outer type fits, and it goes deepest."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.relative_schema_path[0]), []).append(inner)
    fitting = [errors for errors in branches.values() if not any(_is_misfit(one) for one in errors)]
    if not fitting:
        yield _at(document, path, path, *_no_branch(error, branches.values()))
        return
    best = max(fitting, key=lambda errors: (max(len(one.relative_path) for one in errors), -len(errors)))
    for inner in best:
        yield from _problems(inner, document, path)


def _is_misfit(error: ValidationError) -> bool:
    return error.validator == "type" and not error.relative_path


def _no_branch(error: ValidationError, branches: Iterable[list[ValidationError]]) -> tuple[str, str]:
    expected = _schema(error).get("x-expected")
    types = [kind for errors in branches for one in errors if _is_misfit(one) for kind in _types(one)]
    what = expected or " or ".join(dict.fromkeys(_KINDS[kind] for kind in types))
    return f"found {show(error.instance)}, expected {what}", _type_mend(error.instance, types)


_LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
    "minItems": "at least",
    "minProperties": "at least",
    "minLength": "at least",
    "maxItems": "at most",
    "maxProperties": "at most",
    "maxLength": "at most",
}


def _reason(error: ValidationError) -> tuple[str, str]:
    rule: Any = error.validator_value
    found = show(error.instance)
    expected = _schema(error).get("x-expected")
    match error.validator:
        case "type":
            due = expected or " or ".join(_KINDS[kind] for kind in _types(error))
            what, mend = f"found {found}, expected {due}", _type_mend(error.instance, _types(error))
        case "enum":
            what, mend = f"found {found}{_choices(error.instance, rule)}", ""
        case "pattern":
            what, mend = _pattern_reason(error, found)
        case str() as name if name in _LIMITS:
            what, mend = f"found {found}, expected {_LIMITS[name]} {rule}{_members(name, rule)}", ""
        case "uniqueItems":
            what, mend = "a member is listed twice", "keep one of the two"
        case "const":
            what, mend = f"found {found}, expected {show(rule)}", ""
        case _:
            what, mend = (f"expected {expected}" if expected else error.message[:200]), ""
    return what, mend


def _choices(instance: object, words: list[object]) -> str:
    if isinstance(instance, str) and all(isinstance(word, str) for word in words):
        return nearest(instance, [str(word) for word in words])
    return f", expected one of: {', '.join(show(word) for word in words)}"


def _pattern_reason(error: ValidationError, found: str) -> tuple[str, str]:
    schema = _schema(error)
    trap = number_trap(str(error.instance)) if "number" in (schema.get("type") or ()) else None
    if trap is not None:
        return f"found {found}: {trap[0]}", trap[1]
    return (
        f"found {found}, expected {schema.get('x-expected', f'text of the form {error.validator_value}')}",
        "",
    )


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _types(error: ValidationError) -> list[str]:
    rule: Any = error.validator_value
    return [rule] if isinstance(rule, str) else [str(kind) for kind in rule]


def _type_mend(instance: object, types: Iterable[str]) -> str:
    kinds = set(types)
    if isinstance(instance, str) and kinds & {"integer", "number"}:
        trap = number_trap(instance)
        if trap is not None:
            return f"{trap[0]}: {trap[1]}"
        return "take the quotes away" if re.fullmatch(r"[0-9]+", instance) else ""
    if isinstance(instance, str) and kinds == {"boolean"}:
        return "YAML 1.2 knows true and false only"
    if isinstance(instance, bool | int | Decimal) and "string" in kinds:
        return "quote it"
    if isinstance(instance, str | dict) and kinds == {"array"}:
        return "write a list: [...]"
    return ""


def _members(rule: str, count: object) -> str:
    words = {"Items": "member", "Properties": "key", "Length": "character"}
    word = words.get(rule[3:])
    return f" {word}{'' if count == 1 else 's'}" if word else ""


def _known_keys(schema: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    return list(schema.get("properties", ())), list(schema.get("patternProperties", ()))


def _name_reason(error: ValidationError) -> str:
    inner = _schema(error).get("x-expected")
    return f"key {error.instance!r} is not allowed here" + (f", expected {inner}" if inner else "")


def _at(
    document: Document, place: Path, path: Path, what: str, mend: str = "", *, at_key: bool = False
) -> Problem:
    line, column = document.key_mark(place) if at_key else document.mark(place)
    found = document.problem(path, what, mend)
    return Problem(found.file, line, column, found.what, found.mend)
