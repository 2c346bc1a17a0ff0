"""The matrix: each combination of its values is a case, in which $name stands for one of them."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from typing import Any

from badgateway.errors import Problem, nearest
from badgateway.ground.yaml12 import Document, Mark, Path
from badgateway.scenario.language import CASES_MAX

# The story's own words stay as they are; these parts may hold variables.
_OPEN = ("world", "steps", "faults", "deliveries", "expect")
_VARIABLE = re.compile(r"\$([a-z][a-z0-9_]*)")


def combinations(document: Document) -> tuple[list[dict[str, int]], list[Problem]]:
    """Give each case as name -> index of its value, and what is wrong with the matrix as a whole."""
    matrix: Mapping[str, list[object]] = document.value.get("matrix") or {}
    count = math.prod(len(values) for values in matrix.values())
    if count > CASES_MAX:
        what = f"{count} cases, at most {CASES_MAX} are played"
        return [], [document.problem(("matrix",), what, "leave values out", at_key=True)]
    used = {name for part in _OPEN for name in _names(document.value.get(part))}
    unused = [
        document.problem(("matrix", name), f"nothing says ${name}", "use it or leave it out", at_key=True)
        for name in matrix
        if name not in used
    ]
    places = itertools.product(*(range(len(values)) for values in matrix.values()))
    return [dict(zip(matrix, place, strict=True)) for place in places], unused


def fill_in(document: Document, chosen: Mapping[str, int]) -> tuple[Document, list[Problem]]:
    """Give the document of one case; a value that came from the matrix has its place there."""
    filler = _Filler(document, chosen)
    value = {
        name: filler.fill(part, (name,)) if name in _OPEN else part for name, part in document.value.items()
    }
    return Document(document.file, value, filler.marks, document.key_marks), filler.problems


def _names(value: object) -> set[str]:
    if isinstance(value, str):
        return set(_VARIABLE.findall(value))
    if isinstance(value, list):
        return {name for part in value for name in _names(part)}
    if isinstance(value, dict):
        return {name for part in value.values() for name in _names(part)}
    return set()


class _Filler:
    """Puts the values of one case into a document."""

    def __init__(self, document: Document, chosen: Mapping[str, int]) -> None:
        self.document = document
        self.chosen = chosen
        self.marks: dict[Path, Mark] = dict(document.marks)
        self.problems: list[Problem] = []

    def fill(self, value: Any, path: Path) -> Any:
        """Give a value with its variables filled in."""
        if isinstance(value, list):
            return [self.fill(part, (*path, index)) for index, part in enumerate(value)]
        if isinstance(value, dict):
            return {name: self.fill(part, (*path, name)) for name, part in value.items()}
        if not isinstance(value, str) or "$" not in value:
            return value
        whole = _VARIABLE.fullmatch(value)
        if whole is not None:
            return self._value(whole[1], path, value)
        return _VARIABLE.sub(lambda found: _plain(self._value(found[1], path, found[0])), value)

    def _value(self, name: str, path: Path, text: str) -> Any:
        if name not in self.chosen:
            known = nearest(name, self.chosen) or "; this story has no matrix"
            self.problems.append(self.document.problem(path, f"unknown variable {text!r}{known}"))
            return text
        index = self.chosen[name]
        self.marks[path] = self.document.mark(("matrix", name, index))
        return self.document.value["matrix"][name][index]


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
