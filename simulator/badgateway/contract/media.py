"""Types of bodies: which entry of a document's `content` one of them is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def media_of(header: str | None) -> str:
    """Give the type that a Content-Type names, without its parameters; empty: none."""
    return (header or "").partition(";")[0].strip().lower()


def key_of(content: Mapping[str, Any], media: str) -> str | None:
    """Give the key of a type, the most exact one first; None: the document does not speak of it.

    Source: OpenAPI 3.1, Request Body Object: a key is a type or a range of types.
    """
    keys = {media_of(key): key for key in content}
    group, _, kind = media.partition("/")
    suffix = kind.rpartition("+")[2]
    wanted = (media, f"{group}/*+{suffix}", f"{group}/*", "*/*")
    return next((keys[one] for one in wanted if one in keys), None)


def is_json(media: str) -> bool:
    """Say whether bodies of a type are JSON."""
    return media.endswith(("/json", "+json"))
