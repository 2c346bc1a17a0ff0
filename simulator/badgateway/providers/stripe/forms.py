"""Forms with brackets, as Stripe's clients send them: `metadata[order]=o1`; and JSON, for version 2."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any
from urllib.parse import unquote_plus

PAIRS_MAX = 1000
DEPTH_MAX = 8
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


class UnreadableForm(ValueError):
    """A form whose keys contradict each other, or that is beyond the bounds."""


def decode(text: str) -> dict[str, Any]:
    """Give nested dictionaries and lists of strings; raises UnreadableForm.

    `a[0]` and `a[]` make a list, except directly in metadata, whose keys may be numbers.
    """
    pairs = [pair for pair in text.split("&") if pair]
    if len(pairs) > PAIRS_MAX:
        raise UnreadableForm(f"more than {PAIRS_MAX} parameters")
    root: dict[str, Any] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name, value = unquote_plus(name), unquote_plus(value)
        _put(root, _path(name), value)
    return {name: _with_lists(value, name) for name, value in root.items()}


def decode_json(text: str) -> dict[str, Any]:
    """Give what a JSON body says, as a form would say it; raises UnreadableForm.

    A null is like a parameter that is left out, and an empty text further inside; numbers and booleans stay
    what they are, because version 2 takes no number where it wants a text.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableForm("the body is not JSON") from None
    if not isinstance(found, dict):
        raise UnreadableForm("the body is not a JSON object")
    return {name: _without_nulls(value, DEPTH_MAX) for name, value in found.items() if value is not None}


def flatten(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Give a decoded form as sorted pairs of bracketed key and text, whatever order it was sent in."""
    if isinstance(value, dict):
        pairs = [
            pair
            for name in value
            for pair in flatten(value[name], f"{prefix}[{name}]" if prefix else str(name))
        ]
        return sorted(pairs)
    if isinstance(value, list):
        return [pair for n, one in enumerate(value) for pair in flatten(one, f"{prefix}[{n}]")]
    return [(prefix, str(value))]


def _without_nulls(value: Any, depth: int) -> Any:
    if depth == 0:
        raise UnreadableForm(f"parameters are nested more than {DEPTH_MAX} deep")
    match value:
        case dict():
            return {name: _without_nulls(part, depth - 1) for name, part in value.items()}
        case list():
            return [_without_nulls(part, depth - 1) for part in value]
        case None:
            return ""
    return value


def _path(name: str) -> list[str]:
    if "[" not in name and "]" not in name and name:
        return [name]
    found = _KEY.fullmatch(name)
    if found is None:
        raise UnreadableForm(f"unreadable parameter name {name[:40]!r}")
    path = [found[1], *_PART.findall(found[2])]
    if len(path) > DEPTH_MAX:
        raise UnreadableForm(f"parameters are nested more than {DEPTH_MAX} deep")
    if ("metadata", "") in pairwise(path):
        raise UnreadableForm("Invalid object: metadata is a hash, and no list")
    return path


def _put(root: dict[str, Any], path: list[str], value: str) -> None:
    here = root
    for n, part in enumerate(path[:-1], 1):
        here = here.setdefault(_place(here, part, path[n:]), {})
        if not isinstance(here, dict):
            raise UnreadableForm(f"{path[0]} is both a value and a hash")
    place = _place(here, path[-1], [])
    if isinstance(here.get(place), dict):
        raise UnreadableForm(f"{path[0]} is both a value and a hash")
    here[place] = value


def _place(here: dict[str, Any], part: str, inner: list[str]) -> str:
    """Give the key of a part: `[]` takes the next free number, or the last one if that lacks what is inside.

    So `a[][b]=1&a[][c]=2&a[][b]=3` is a list of two hashes, as in all forms of Rack.
    """
    last = next(reversed(here), None)
    if part or last is None or not inner or _has(here[last], inner):
        return part or str(len(here))
    return last


def _has(value: Any, path: list[str]) -> bool:
    """Say whether something stands at a path already; there is always room in a list."""
    for part in path:
        if not isinstance(value, dict):
            return True
        if part not in value:
            return False
        value = value[part]
    return True


def _with_lists(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return value
    if name == "metadata":
        return value
    inner = {key: _with_lists(one, key) for key, one in value.items()}
    if inner and all(key.isascii() and key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
