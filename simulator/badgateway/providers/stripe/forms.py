"""Forms with brackets, as Stripe's clients send them: `metadata[order]=o1`; and JSON, for version 2."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote_plus

PAIRS_MAX = 1000
DEPTH_MAX = 8
_NAME_MAX, _NAMES_MAX = 200, 1024  # characters of a name that is kept once it was read, and names that are
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


class UnreadableForm(ValueError):
    """A form whose keys contradict each other, or that is beyond the bounds."""


def decode(text: str) -> dict[str, Any]:
    """Give nested dictionaries and lists of strings; raises UnreadableForm.

    `a[0]` and `a[]` make a list, except directly in metadata, whose keys may be numbers.
    """
    if not text:
        return {}
    pairs = [pair for pair in text.split("&") if pair]
    if len(pairs) > PAIRS_MAX:
        raise UnreadableForm(f"more than {PAIRS_MAX} parameters")
    root: dict[str, Any] = {}
    is_flat = True
    for pair in pairs:
        name, _, value = pair.partition("=")
        if "%" in value or "+" in value:
            value = unquote_plus(value)
        path = _known_path(name) if len(name) <= _NAME_MAX else _path(name)
        if len(path) == 1 and not isinstance(root.get(path[0]), dict):
            root[path[0]] = value
            continue
        is_flat = False
        _put(root, path, value)
    return root if is_flat else _each_with_lists(root)


def decode_json(text: str) -> dict[str, Any]:
    """Give what a JSON body says, as a form would say it; raises UnreadableForm.

    A null is like a parameter that is left out, and an empty text further inside; numbers and booleans stay
    what they are, because version 2 takes no number where it wants a text.
    """
    try:
        found = json.loads(text)
        # Half of a surrogate pair (`"\ud800"`) is no text that can be sent, signed or written down.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise UnreadableForm("the body is not JSON") from None
    if not isinstance(found, dict):
        raise UnreadableForm("the body is not a JSON object")
    return {name: _without_nulls(value, DEPTH_MAX) for name, value in found.items() if value is not None}


def flatten(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Give a decoded form as sorted pairs of bracketed key and text, whatever order it was sent in."""
    pairs: list[tuple[str, str]] = []
    _collect(pairs, value, prefix)
    pairs.sort()
    return pairs


def hashed(value: Mapping[str, Any]) -> str:
    """Give a decoded form as a fingerprint reads it: each key and text behind a sign of its own."""
    return "".join([f"\x1e{key}\x1f{text}" for key, text in flatten(value)])


def _collect(pairs: list[tuple[str, str]], value: Any, prefix: str) -> None:
    """Add what stands in a value to the pairs, each under its whole key."""
    if isinstance(value, dict):
        for name, one in value.items():
            inner = f"{prefix}[{name}]" if prefix else str(name)
            if isinstance(one, str):
                pairs.append((inner, one))
            else:
                _collect(pairs, one, inner)
    elif isinstance(value, list):
        for n, one in enumerate(value):
            _collect(pairs, one, f"{prefix}[{n}]")
    else:
        pairs.append((prefix, str(value)))


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


def _path(sent: str) -> tuple[str, ...]:
    """Give the parts of a name that is still encoded: `a[b][]` is a, b and an empty one."""
    name = unquote_plus(sent) if "%" in sent or "+" in sent else sent
    if "[" not in name and "]" not in name and name:
        return (name,)
    found = _KEY.fullmatch(name)
    if found is None:
        raise UnreadableForm(f"unreadable parameter name {name[:40]!r}")
    path = (found[1], *_PART.findall(found[2]))
    if len(path) > DEPTH_MAX:
        raise UnreadableForm(f"parameters are nested more than {DEPTH_MAX} deep")
    if ("metadata", "") in pairwise(path):
        raise UnreadableForm("Invalid object: metadata is a hash, and no list")
    return path


_known_path = lru_cache(maxsize=_NAMES_MAX)(_path)  # clients send the same names again and again


def _put(root: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    here = root
    for n, part in enumerate(path[:-1], 1):
        here = here.setdefault(part or _place(here, path[n:]), {})
        if not isinstance(here, dict):
            raise UnreadableForm(f"{path[0]} is both a value and a hash")
    place = path[-1] or _place(here, ())
    if isinstance(here.get(place), dict):
        raise UnreadableForm(f"{path[0]} is both a value and a hash")
    here[place] = value


def _place(here: dict[str, Any], inner: tuple[str, ...]) -> str:
    """Give the key of `[]`: the next free number, or the last one if that lacks what is inside.

    So `a[][b]=1&a[][c]=2&a[][b]=3` is a list of two hashes, as in all forms of Rack.
    """
    last = next(reversed(here), None)
    if last is None or not inner or _has(here[last], inner):
        return str(len(here))
    return last


def _has(value: Any, path: tuple[str, ...]) -> bool:
    """Say whether something stands at a path already; there is always room in a list."""
    for part in path:
        if not isinstance(value, dict):
            return True
        if part not in value:
            return False
        value = value[part]
    return True


def _each_with_lists(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one if isinstance(one, str) else _with_lists(one, name) for name, one in value.items()}


def _with_lists(value: dict[str, Any], name: str) -> dict[str, Any] | list[Any]:
    if name == "metadata":
        return value
    inner = _each_with_lists(value)
    if inner and all(key.isascii() and key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
