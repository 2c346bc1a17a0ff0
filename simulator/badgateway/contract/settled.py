"""Breaches of which none is only the shadow of another one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from badgateway.contract.breach import UNKNOWN, Breach, Path


def settled(check: Callable[[bytes], tuple[Breach, ...]], body: bytes) -> tuple[Breach, ...]:
    """Give the breaches of a JSON body; which names are unknown is asked without the values that are wrong.

    A part of a schema that refuses one value says nothing of the others, which then look as if no part knew
    them. Source: JSON Schema 2020-12 core, section 11.3, `unevaluatedProperties`; annotations of what fails
    are dropped (section 7.7.1.2).
    """
    found = check(body)
    wrong = [one for one in found if one.way != UNKNOWN]
    if not wrong or len(wrong) == len(found):
        return found
    value = json.loads(body)
    for one in wrong:
        _take_away(value, one.path)
    return (*wrong, *(one for one in check(json.dumps(value).encode()) if one.way == UNKNOWN))


def _take_away(root: Any, path: Path) -> None:
    """Take the field away in which a place is; members of a list keep their numbers."""
    ends = [n for n, part in enumerate(path) if isinstance(part, str)]
    if not ends:
        return
    *parents, last = path[: ends[-1] + 1]
    value: Any = root
    for part in parents:
        if part in (value if isinstance(value, dict) else range(len(value))):
            value = value[part]
        else:
            return
    if isinstance(value, dict):
        value.pop(last, None)
