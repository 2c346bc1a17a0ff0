"""Where a request says something, read and written: amount.value, items[0].id, query:count, header:X."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from badgateway.ground.message import Request

_STEP = re.compile(r"[^.\[\]]+")
MEMBERS_MAX = 1000  # of a form


class Unreadable(ValueError):
    """A body that is not what the provider takes; its message is a plain sentence."""


def steps(at: str) -> list[str | int]:
    """Give the steps of a place in a body."""
    return [int(step) if step.isdecimal() else step for step in _STEP.findall(at)]


def find(at: str, request: Request, body: Any) -> Any:
    """Give what stands at a place of a request, or None."""
    kind, colon, name = at.partition(":")
    if colon and kind == "header":
        return request.header(name)
    if colon and kind == "query":
        return dict(parse_qsl(request.query)).get(name)
    found = body
    for step in steps(at):
        if isinstance(found, Mapping):
            found = found.get(str(step))
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found


def put(body: dict[str, Any], at: str, what: Any) -> None:
    """Write a value to a place of a body, making what leads there."""
    way = steps(at)
    holder: Any = body
    for step, following in zip(way, [*way[1:], None], strict=True):
        empty: Any = what if following is None else [] if isinstance(following, int) else {}
        if isinstance(step, int):
            holder += [{} for _ in range(step + 1 - len(holder))]
            holder[step] = what if following is None else holder[step] or empty
        else:
            holder[step] = what if following is None else holder.get(step, empty)
        holder = holder[step]


def body_of(request: Request, *, is_form: bool) -> dict[str, Any]:
    """Read a body; raises Unreadable. None at all is an empty one."""
    if not request.body.strip():
        return {}
    try:
        if is_form:
            return _form(request.body.decode())
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body cannot be read") from error
    if not isinstance(found, dict):
        raise Unreadable("the body must be an object")
    return found


def written(body: Mapping[str, Any], *, is_form: bool) -> bytes:
    """Write a body as the provider takes it."""
    if not is_form:
        return json.dumps(body).encode()
    pairs = [(name, text) for key, part in body.items() for name, text in _flat(key, part)]
    return urlencode(pairs, quote_via=quote).encode()


def _form(text: str) -> dict[str, Any]:
    """Read a form; `a[b][0]` is nested, and what is named twice counts as it stands last."""
    body: dict[str, Any] = {}
    for name, what in parse_qsl(text, keep_blank_values=True, max_num_fields=MEMBERS_MAX):
        keys = _STEP.findall(name)
        holder = body
        for key in keys[:-1]:
            inner = holder.setdefault(key, {})
            if not isinstance(inner, dict):
                raise Unreadable(f"{name} is a value and a group")
            holder = inner
        holder[keys[-1] if keys else name] = what
    return body


def _flat(name: str, part: Any) -> list[tuple[str, str]]:
    if isinstance(part, Mapping):
        return [pair for key, inner in part.items() for pair in _flat(f"{name}[{key}]", inner)]
    if isinstance(part, list):
        return [pair for n, inner in enumerate(part) for pair in _flat(f"{name}[{n}]", inner)]
    return [(name, str(part).lower() if isinstance(part, bool) else str(part))]
