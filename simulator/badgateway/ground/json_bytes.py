"""Objects as the JSON that providers send; the quickest writer there is, and the standard library's bytes."""

from __future__ import annotations

import json
from typing import Any

import orjson


def indented(shown: Any) -> bytes:
    """Give UTF-8 with two spaces a level, the bytes of `json.dumps(shown, indent=2, ensure_ascii=False)`."""
    try:
        # It gives the whole block that it wrote into, up to eight times as large; a copy is exact. An answer
        # may be kept for its key, or held with thousands of others.
        return bytes(memoryview(orjson.dumps(shown, option=orjson.OPT_INDENT_2)))
    except TypeError:
        # Numbers beyond 64 bits and keys that are no text are left to the standard library.
        return json.dumps(shown, indent=2, ensure_ascii=False).encode()
