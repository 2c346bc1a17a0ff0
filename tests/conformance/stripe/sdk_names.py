"""The fields that the newest SDK knows of each object, from the vendor's list, or else from the SDK.

The list was derived from the very SDK that is installed; it leaves out hashes that few integrations read.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import stripe
from stripe._object_classes import OBJECT_CLASSES, V2_OBJECT_CLASSES, get_object_class

VENDOR = Path(__file__).resolve().parents[4] / "shared" / "vendor" / "stripe"
PLAIN = {"int": int, "str": str, "bool": bool}


@dataclass(frozen=True, slots=True)
class Hash:
    """One hash that the SDK knows: of which object, and by which classes one comes to it."""

    object: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its values where they are listed, its plain type if it has one, the hash in it."""

    values: frozenset[str] = frozenset()
    type: type | None = None
    is_optional: bool = True
    hash: Hash | None = None


@lru_cache(maxsize=1)
def listed() -> dict[str, Any]:
    """Give the vendor's list: object -> fields, nested."""
    return json.loads((VENDOR / "sdk-16.1.0-response-fields.json").read_text())["objects"]


@lru_cache(maxsize=200)
def class_of(name: str) -> Any:
    """Give the SDK's class of an object, None where it has none; it is of the version of the list."""
    assert stripe.VERSION == "16.1.0", "the list and the SDK speak of one version of the API"
    if name in OBJECT_CLASSES:
        return get_object_class("V1", name)
    return get_object_class("V2", name) if name in V2_OBJECT_CLASSES else None


def of_object(name: str) -> Hash | None:
    """Give the hash of an object by its name; None: the SDK does not know it."""
    return Hash(name) if name in listed() or class_of(name) else None


@lru_cache(maxsize=2000)
def fields(known: Hash) -> dict[str, Field]:
    """Give the fields of a hash."""
    entry = listed().get(known.object)
    if entry is not None:
        rows = entry["fields"] if not known.path else entry["nested"].get(".".join(known.path))
        if rows is not None:
            return {name: _listed_field(known, row) for name, row in rows.items()}
    return (
        {"object": Field(type=str), **dict(_annotated(known))} if not known.path else dict(_annotated(known))
    )


def _listed_field(known: Hash, row: dict[str, Any]) -> Field:
    words = re.findall(r"\w+", row["type"])
    inner = next((one for one in (_inner(known, word) for word in words) if one), None)
    plain = PLAIN.get(words[-1]) if len(words) == 1 or words[:-1] == ["Optional"] else None
    return Field(frozenset(row.get("enum", ())), plain, words[0] == "Optional", inner)


def _inner(known: Hash, name: str) -> Hash | None:
    """Find a class within that of a hash, in the list or in the SDK."""
    path = (*known.path, name)
    nested = listed().get(known.object, {}).get("nested", {})
    if ".".join(path) in nested or _class(Hash(known.object, path)) is not None:
        return Hash(known.object, path)
    return None


def _class(known: Hash) -> type | None:
    found = class_of(known.object)
    for name in known.path:
        found = vars(found).get(name) if found is not None else None
    return found if isinstance(found, type) else None


def _annotated(known: Hash) -> Iterator[tuple[str, Field]]:
    found = _class(known)
    for name, annotation in (found.__annotations__ if found is not None else {}).items():
        if name.startswith("_") or name == "OBJECT_NAME":
            continue
        parts = list(_parts(annotation))
        values = frozenset(value for part in parts for value in _values(part))
        own = next((part for part in parts if _is_within(part, known)), None)
        inner = Hash(known.object, tuple(own.__qualname__.split(".")[1:])) if own else None
        plain = next((part for part in parts if part in PLAIN.values()), None) if len(parts) <= 2 else None
        is_map = typing.get_origin(annotation) is not None and "UntypedStripeObject" in str(annotation)
        yield name, Field(values, None if is_map else plain, type(None) in parts, inner)


def _parts(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) is typing.Literal or not typing.get_args(annotation):
        yield annotation
        return
    for one in typing.get_args(annotation):
        yield from _parts(one)


def _values(part: Any) -> tuple[Any, ...]:
    return typing.get_args(part) if typing.get_origin(part) is typing.Literal else ()


def _is_within(part: Any, known: Hash) -> bool:
    root = class_of(known.object)
    return isinstance(part, type) and root is not None and part.__qualname__.startswith(f"{root.__name__}.")
