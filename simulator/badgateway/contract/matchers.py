"""What the matchers of a pact let a value be, beyond its example: values to try a document with."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]
# Source: Pact specification, version 4, matching rules: the first takes no fraction, the others do.
WHOLE = frozenset({"integer"})
FRACTIONAL = frozenset({"decimal", "number"})
_STEP = re.compile(r"\.([^.\[\]]+)|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\d+|\*)\]")
_HALF = 0.5


def with_fractions(
    rules: Mapping[str, Any], body: Any, kinds: frozenset[str]
) -> Iterator[tuple[Path, str, Any]]:
    """Give place, matcher and a body with a fraction there, for each number under one of these matchers."""
    for pattern, rule in rules.items():
        kind = next((str(one.get("match")) for one in _matchers(rule) if one.get("match") in kinds), None)
        for path in _places(body, list(_steps(pattern))) if kind is not None else ():
            value = _at(body, path)
            if kind is not None and isinstance(value, int | float) and not isinstance(value, bool):
                yield path, kind, _put(body, path, int(value) + _HALF)


def _matchers(rule: Any) -> list[Mapping[str, Any]]:
    found = rule.get("matchers", ()) if isinstance(rule, Mapping) else ()
    return [one for one in found if isinstance(one, Mapping)]


def _steps(pattern: str) -> Iterator[str | int]:
    for found in _STEP.finditer(pattern.removeprefix("$")):
        name = next((text for text in found.groups()[:3] if text is not None), None)
        if name is not None:
            yield name
        else:
            yield "*" if found[4] == "*" else int(found[4])


def _places(value: Any, steps: list[str | int], here: Path = ()) -> Iterator[Path]:
    """Give the places of a value that a matcher's path means; a star means every member."""
    if not steps:
        yield here
        return
    step, rest = steps[0], steps[1:]
    if isinstance(value, dict):
        names = list(value) if step == "*" else [step] if step in value else []
        for name in names:
            yield from _places(value[name], rest, (*here, name))
    elif isinstance(value, list):
        rows = (
            range(len(value))
            if step == "*"
            else [step]
            if isinstance(step, int) and step < len(value)
            else []
        )
        for row in rows:
            yield from _places(value[row], rest, (*here, row))


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _put(body: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    made = copy.deepcopy(body)
    _at(made, path[:-1])[path[-1]] = value
    return made
