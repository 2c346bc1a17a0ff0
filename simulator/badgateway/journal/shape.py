"""Which entries are well formed: fields as in the table, money in whole units, assertions as booleans."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Any

from badgateway.journal.entry import KINDS

_SETTLED = frozenset({str, int, bool, NoneType})  # what cannot change, and is plain JSON


def may_be_null(text: str) -> bool:
    """Say whether the table lets this field be null, by the words with which it describes the field."""
    return "?" in text or "null" in text


def whole(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of an entry with a null for each nullable one that is left out."""
    missing = [name for name, text in KINDS.get(kind, {}).items() if name not in data and may_be_null(text)]
    return {**data, **dict.fromkeys(missing)}


def ordered(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """Give the whole fields of a well-formed entry in the table's order."""
    return _form(kind)[0] | data


def unsettled(kind: str, names: tuple[str, ...], types: tuple[type, ...]) -> tuple[str, ...] | None:
    """Name the fields that hold other things than text, whole numbers, truth and null.

    None: no entry of such fields is well formed.
    """
    if kind not in KINDS:
        return None
    blank, needed, typed = _form(kind)
    found = dict(zip(names, types, strict=True))
    if not blank.keys() >= found.keys() or not found.keys() >= needed:
        return None
    for name, wanted in typed:
        if found.get(name, NoneType) not in (wanted, NoneType):
            return None
    return tuple([name for name in names if found[name] not in _SETTLED])


@cache
def _form(kind: str) -> tuple[dict[str, Any], frozenset[str], tuple[tuple[str, type], ...]]:
    """Give a kind's fields, all null, which of them are never left out, and which take only one type."""
    fields = KINDS[kind]
    needed = frozenset(name for name, text in fields.items() if not may_be_null(text))
    typed = ((name, _only_type(name)) for name in fields)
    return (
        dict.fromkeys(fields),
        needed,
        tuple((name, wanted) for name, wanted in typed if wanted is not None),
    )


def _only_type(name: str) -> type | None:
    if name.endswith("_minor"):
        return int
    return bool if name.startswith("is_") else None


def misfits(kind: str, data: Mapping[str, Any]) -> list[str]:
    """List what does not fit the table of kinds; empty where the entry is well formed."""
    if kind not in KINDS:
        return [f"there is no kind of entry called {kind!r}"]
    fields = KINDS[kind]
    found = [f"{kind} has no field {name!r}" for name in data if name not in fields]
    found += [f"{kind} lacks its field {name!r}" for name in fields if name not in data]
    return found + [f"{kind}.{name} {wrong}" for name in data if (wrong := _wrong_type(name, data[name]))]


def _wrong_type(name: str, value: object) -> str:
    if value is None:
        return ""
    if name.endswith("_minor") and type(value) is not int:
        return f"is money and must be a whole number of minor units, not {value!r}"
    if name.startswith("is_") and type(value) is not bool:
        return f"is an assertion and must be true or false, not {value!r}"
    return ""
