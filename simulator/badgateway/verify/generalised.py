"""What several bodies of one kind have in common: what is in all of them, and what a value may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badgateway.ground.money import currencies
from badgateway.verify.stand_ins import ISO_MOMENT, STAND_IN, UUID

Path = tuple[str, ...]
ABSENT, OTHER = "absent", "other"
EACH = "*"  # in a path: every element of a list
KINDS_MAX = 3  # of ids at one place, until only the type is asked for
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,59}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*")
_CURRENCIES = frozenset(currencies())


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is neither a list nor an object, as it was in each body; loose: only its type counts."""

    values: tuple[Any, ...]
    is_loose: bool = False

    @property
    def matcher(self) -> dict[str, Any] | None:
        """Give what a value has to be, in Pact's words; None: this very one."""
        first = self.values[0]
        if self.is_loose:
            return {"match": "type"}
        is_one = all(value == first and type(value) is type(first) for value in self.values)
        if isinstance(first, bool):
            return None if is_one else {"match": "type"}
        if isinstance(first, int | float):
            is_whole = all(isinstance(value, int) for value in self.values)
            return {"match": "integer" if is_whole else "number"}
        return _of_text([str(value) for value in self.values])


@dataclass(frozen=True, slots=True)
class Fields:
    """An object: the fields that all of them have."""

    fields: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Each:
    """A list of one element or more; what all elements have in common."""

    element: Node


Node = Leaf | Fields | Each


def merged(samples: Sequence[Any]) -> Node | None:
    """Give what is in all of the samples; None: nothing that a consumer could rely on."""
    if all(isinstance(one, Mapping) for one in samples):
        names = [name for name in samples[0] if all(name in one for one in samples)]
        fields = {name: merged([one[name] for one in samples]) for name in names}
        kept = {name: node for name, node in fields.items() if node is not None}
        return Fields(kept) if kept else None
    if all(isinstance(one, list) for one in samples):
        element = merged([one for sample in samples for one in sample]) if all(samples) else None
        return Each(element) if element is not None else None
    is_plain = all(isinstance(one, str | int | float) for one in samples)
    return Leaf(tuple(samples)) if is_plain and len({_kind(one) for one in samples}) == 1 else None


def example(node: Node) -> Any:
    """Give a body with everything that is asked for, with the values of the first sample."""
    match node:
        case Fields(fields):
            return {name: example(one) for name, one in fields.items()}
        case Each(element):
            return [example(element)]
        case Leaf(values):
            return values[0]


def leaves(node: Node, at: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Give every value with its path."""
    match node:
        case Fields(fields):
            for name, one in fields.items():
                yield from leaves(one, (*at, name))
        case Each(element):
            yield from leaves(element, (*at, EACH))
        case Leaf():
            yield at, node


def only(node: Node | None, is_kept: Callable[[Path], bool], at: Path = ()) -> Node | None:
    """Give a node with the values alone whose paths are kept."""
    match node:
        case Fields(fields):
            kept = {name: only(one, is_kept, (*at, name)) for name, one in fields.items()}
            left = {name: one for name, one in kept.items() if one is not None}
            return Fields(left) if left else None
        case Each(element):
            inner = only(element, is_kept, (*at, EACH))
            return Each(inner) if inner is not None else None
    return node if node is not None and is_kept(at) else None


def loosened(node: Node | None, paths: Sequence[Path], at: Path = ()) -> Node | None:
    """Give a node of which only the type counts at some paths."""
    match node:
        case Fields(fields):
            inner = {name: loosened(one, paths, (*at, name)) for name, one in fields.items()}
            return Fields({name: one for name, one in inner.items() if one is not None})
        case Each(element):
            loose = loosened(element, paths, (*at, EACH))
            return Each(loose) if loose is not None else None
        case Leaf(values) if at in paths:
            return Leaf(values, is_loose=True)
    return node


def rules(node: Node | None, at: str = "$") -> dict[str, dict[str, Any]]:
    """Give the matching rules of a body, by Pact's paths."""
    found: dict[str, dict[str, Any]] = {}
    match node:
        case Fields(fields):
            for name, one in fields.items():
                found |= rules(one, at + step(name))
        case Each(element):
            found[at] = combined({"match": "type", "min": 1})
            found |= rules(element, f"{at}[*]")
        case Leaf() if (matcher := node.matcher) is not None:
            found[at] = combined(matcher)
    return found


def combined(matcher: dict[str, Any]) -> dict[str, Any]:
    """Give one matcher as the rule of a place."""
    return {"combine": "AND", "matchers": [matcher]}


def step(name: str) -> str:
    """Give one step of a path as Pact writes it."""
    return f".{name}" if _NAME.fullmatch(name) else f"['{name}']"


def is_word(value: Any) -> bool:
    """Say whether a value names a choice: a word, but no id, no amount and no currency."""
    if not isinstance(value, str):
        return isinstance(value, bool)
    return _is_constant(value) and value.upper() not in _CURRENCIES


def differing(node: Node | None, body: Any) -> Iterator[tuple[Path, str]]:
    """Give where a body is not what is asked for: ABSENT, where such a thing is not there, or OTHER."""
    match node:
        case Fields(fields):
            for name, one in fields.items():
                if not isinstance(body, Mapping) or name not in body or body[name] is None:
                    yield from (((name, *path), ABSENT) for path, _ in leaves(one))
                else:
                    yield from (((name, *path), why) for path, why in differing(one, body[name]))
        case Each(element):
            if not isinstance(body, list) or not body:
                yield from (((EACH, *path), ABSENT) for path, _ in leaves(element))
                return
            for one in body:
                yield from (((EACH, *path), why) for path, why in differing(element, one))
        case Leaf() if not _fits(node, body):
            is_alike = isinstance(body, str | int | float) and _kind(body) == _kind(node.values[0])
            yield (), OTHER if is_alike else ABSENT


def _of_text(values: Sequence[str]) -> dict[str, Any] | None:
    patterns = dict.fromkeys(_pattern(value) for value in values)
    if None not in patterns and len(patterns) <= KINDS_MAX:
        one = "|".join(str(pattern) for pattern in patterns)
        return {"match": "regex", "regex": f"^({one})$" if len(patterns) > 1 else f"^{one}$"}
    is_one = len(set(values)) == 1
    return None if is_one and _is_constant(values[0]) else {"match": "type"}


def _pattern(value: str) -> str | None:
    """Give the form of an id, a number or a moment; None: the text has no such form."""
    if UUID.fullmatch(value):
        return "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    if STAND_IN.search(value) is not None and "/" not in value:
        # A space needs no escape, and not every library of patterns takes one.
        return r"\w+".join(re.escape(part).replace("\\ ", " ") for part in STAND_IN.split(value))
    if _NUMBER.fullmatch(value):
        return r"-?\d+(\.\d+)?"
    return r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*" if ISO_MOMENT.match(value) else None


def _is_constant(value: str) -> bool:
    return _WORD.fullmatch(value) is not None and STAND_IN.search(value) is None


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    return "text" if isinstance(value, str) else "number"


def _fits(leaf: Leaf, value: Any) -> bool:
    first, matcher = leaf.values[0], leaf.matcher
    if not isinstance(value, str | int | float) or _kind(value) != _kind(first):
        return False
    if matcher is None:
        return bool(value == first)
    if matcher["match"] == "regex":
        return re.search(matcher["regex"], str(value)) is not None
    return matcher["match"] != "integer" or isinstance(value, int)
