"""Chance: one seed, named streams, so that a draw added in one place shifts no other."""

from __future__ import annotations

import hashlib
import random

Stream = random.Random


def digest(*parts: object) -> int:
    """Give a stable 64-bit number for a tuple of plain values."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def stream(seed: int, *name: object) -> Stream:
    """Open the stream that belongs to a seed and a name; equal arguments give equal draws."""
    return random.Random(digest(seed, *name))  # noqa: S311 - repeatable on purpose, nothing secret is drawn
