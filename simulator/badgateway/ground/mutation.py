"""What a provider's next version does to a JSON body: one mutation, pure, from bytes to bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

KINDS = (
    "unknown_enum", "unknown_type", "null_field", "drop_field", "rename_field", "extra_field", "thin",
    "spacing", "escapes", "key_order",
)  # fmt: skip
REWRITES = ("spacing", "escapes", "key_order")  # other bytes, the same content
DRIFTS = ("same", "compatible", "unclear", "breaking")
ANYTHING = "$"
ELSE = " | "  # between paths of which the first that leads somewhere is meant
PATH = re.compile(r"\$(\.[A-Za-z0-9_-]+|\[[0-9]{1,4}\])*")

_NEW = "something_new"
_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]")
_LAYOUTS: tuple[dict[str, Any], ...] = tuple(
    {**shape, "ensure_ascii": is_ascii}
    for shape in ({"indent": 2}, {"separators": (",", ":")}, {"separators": (", ", ": ")}, {"indent": 4})
    for is_ascii in (False, True)
)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Where a dialect's events, or its answers, keep what a mutation may aim at.

    `words` gives for a neutral word the paths to try in turn, such as `$.status | $.error.status`; `thin`
    gives all paths that an id-only body keeps. Without what is `required`, a body tells nothing sure.
    """

    words: Mapping[str, str]
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mutated:
    """A body that was changed, and how far `drift` took it from what a reader of today knows.

    same: other bytes. compatible: it says all that it did. unclear: the word that counts is a new one, and
    it may be passed over. breaking: what is gone is needed, so that it has to be refused or looked up.
    """

    body: bytes
    kind: str
    place: str  # path of what was changed
    drift: str

    @property
    def what(self) -> str:
        """Give what was done, as the journal notes it."""
        return self.kind if self.kind in REWRITES else f"{self.kind} {self.place}"

    @property
    def is_telling(self) -> bool:
        """Say whether the facts still stand in it, in words that a reader knows."""
        return self.drift in {"same", "compatible"}


def mutate(body: bytes, kind: str, field: str, drift: str) -> Mutated | None:
    """Change a JSON body at the first path that leads somewhere; None: nothing was there to change."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    layout = _layout_of(body, value)
    if kind in REWRITES:
        place, out = ANYTHING, _rewritten(kind, body, value, layout)
    else:
        found = _changed(kind, value, field.split(ELSE))
        if found is None:
            return None
        place, out = found[0], json.dumps(found[1], **layout).encode()
    return None if out == body else Mutated(out, kind, place, drift)


def _layout_of(body: bytes, value: Any) -> dict[str, Any]:
    """Find how the body is laid out, so that nothing but the mutation changes."""
    fits = (layout for layout in _LAYOUTS if json.dumps(value, **layout).encode() == body)
    return next(fits, _LAYOUTS[0])


def _rewritten(kind: str, body: bytes, value: Any, layout: dict[str, Any]) -> bytes:
    if kind == "spacing":
        is_airy = b"\n" in body.strip() or b": " in body
        shape: dict[str, Any] = {"separators": (",", ":")} if is_airy else {"indent": 3}
        return json.dumps(value, **shape, ensure_ascii=layout["ensure_ascii"]).encode() + b"\n"
    if kind == "key_order":
        return json.dumps(_backwards(value), **layout).encode()
    text = json.dumps(value, **{**layout, "ensure_ascii": True})
    # None of these stands outside a string of JSON, and each may be written as an escape inside one.
    for plain, escaped in (("/", "\\/"), ("_", "\\u005f"), ("&", "\\u0026"), ("<", "\\u003c")):
        text = text.replace(plain, escaped)
    return text.encode()


def _backwards(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _backwards(part) for name, part in reversed(value.items())}
    return [_backwards(part) for part in value] if isinstance(value, list) else value


def _changed(kind: str, value: Any, paths: list[str]) -> tuple[str, Any] | None:
    if kind == "thin":
        kept = _only(value, paths)
        return (ANYTHING, kept) if kept is not None and kept != value else None
    for path in paths:
        holder = {ANYTHING: value}
        found = _find(holder, path)
        if found is not None and _CHANGES[kind](*found):
            return path, holder.get(ANYTHING)
    return None


def _steps(path: str) -> list[str | int]:
    steps = [name or int(n) for name, n in _STEP.findall(path)]
    return [ANYTHING, *steps]


def _find(holder: Any, path: str) -> tuple[Any, Any] | None:
    """Give the container of what a path leads to, and its key or index there."""
    *way, last = _steps(path)
    for step in [*way, last]:
        is_there = step in holder if isinstance(holder, dict) else _is_index(holder, step)
        if not is_there:
            return None
        if step is last:
            return holder, last
        holder = holder[step]
    return None


def _is_index(holder: Any, step: object) -> bool:
    return isinstance(holder, list) and isinstance(step, int) and step < len(holder)


def _only(value: Any, paths: list[str]) -> Any:
    """Keep what the paths lead to, each at its own place; lists are left out."""
    kept: dict[str, Any] = {}
    for path in paths:
        found = _find({ANYTHING: value}, path)
        if found is None or any(isinstance(step, int) for step in _steps(path)):
            continue
        *way, last = _steps(path)[1:]
        inner = kept
        for step in way:
            inner = inner.setdefault(str(step), {})
        inner[str(last)] = found[0][found[1]]
    return kept or None


def _say(container: Any, key: Any, word: str) -> bool:
    is_word = isinstance(container[key], str) and bool(container[key] != word)
    if is_word:
        container[key] = word
    return is_word


def _type(container: Any, key: Any) -> bool:
    family, dot, _ = str(container[key]).rpartition(".")
    return _say(container, key, f"{family}{dot}{_NEW}")


def _null(container: Any, key: Any) -> bool:
    is_something = container[key] is not None
    container[key] = None
    return is_something


def _drop(container: Any, key: Any) -> bool:
    del container[key]
    return bool(key != ANYTHING)


def _rename(container: Any, key: Any) -> bool:
    if not isinstance(container, dict) or key == ANYTHING:
        return False
    renamed = {f"{name}_v2" if name == key else name: part for name, part in container.items()}
    container.clear()
    container.update(renamed)
    return True


def _extra(container: Any, key: Any) -> bool:
    target = container[key]
    is_open = isinstance(target, dict) and _NEW not in target
    if is_open:
        target[_NEW] = {"since": "the next version", "value": 1}
    return is_open


_CHANGES: Mapping[str, Callable[[Any, Any], bool]] = {
    "unknown_enum": lambda container, key: _say(container, key, _NEW),
    "unknown_type": _type,
    "null_field": _null,
    "drop_field": _drop,
    "rename_field": _rename,
    "extra_field": _extra,
}
