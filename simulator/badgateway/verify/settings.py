"""Settings of Schemathesis: ours, what a user's file changes of them, and both as TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from badgateway.errors import InputError, Problem

# A run that repeats and leaves nothing behind is ours to see to.
_OURS = frozenset({"seed", "workers", "cache", "reports", "base-url"})


def read_settings(path: Path) -> dict[str, Any]:
    """Read a user's schemathesis.toml; raises InputError where it is none, or sets what is not its to set."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([Problem(str(path), 0, 0, error.strerror or str(error))]) from None
    except ValueError as error:
        raise InputError([Problem(str(path), 0, 0, f"this is no TOML: {error}")]) from None
    taken = sorted(_OURS & set(given))
    if taken:
        mend = "leave it out; --seed says from which number the requests are drawn"
        raise InputError([Problem(str(path), 0, 0, f"{taken[0]!r} is set by badgateway", mend)])
    return given


def merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Give our settings with a user's over them; lists, as of operations, are joined."""
    made = dict(ours)
    for name, value in theirs.items():
        mine = made.get(name)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            made[name] = merged(mine, value)
        elif isinstance(mine, list) and isinstance(value, list) and name == "operations":
            made[name] = [*mine, *value]
        else:
            made[name] = value
    return made


def as_toml(settings: Mapping[str, Any]) -> str:
    """Give settings as a TOML document, one line for each key at its top."""
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in settings.items())


def _value(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_value(one) for one in value) + "]"
        case bool() | int() | str():
            return json.dumps(value)
    return str(value)


def _key(name: str) -> str:
    return json.dumps(name)
