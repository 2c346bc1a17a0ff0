"""Objects as the JSON that providers send; the quickest writer there is, and the standard library's bytes."""

from __future__ import annotations

import json
from typing import Any

import orjson


def indented(shown: Any, *, is_kept: bool = True) -> bytes:
    """Give UTF-8 with two spaces a level, the bytes of `json.dumps(shown, indent=2, ensure_ascii=False)`.

    What is sent and forgotten may take up to eight times its length in memory meanwhile.
    """
    try:
        written = orjson.dumps(shown, option=orjson.OPT_INDENT_2)
        # It gives the whole block that it wrote into; a copy is exact.
        return bytes(memoryview(written)) if is_kept else written
    except TypeError:
        # Numbers beyond 64 bits and keys that are no text are left to the standard library.
        return json.dumps(shown, indent=2, ensure_ascii=False).encode()
