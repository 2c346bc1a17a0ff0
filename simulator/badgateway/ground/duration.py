"""Durations as people write them: 250ms, 30s, 15m, 2h, 3d."""

from __future__ import annotations

import re

PATTERN = "^[0-9]{1,9}(ms|s|m|h|d)$"
EXPECTED = "a duration such as 250ms, 30s, 15m, 2h or 3d"
_UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"([0-9]{1,9})(ms|s|m|h|d)")


def to_ms(text: str) -> int:
    """Give milliseconds of a duration; raises ValueError where the text is none."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"expected {EXPECTED}, found {text[:40]!r}")
    return int(found[1]) * _UNITS_MS[found[2]]


def to_offset_ms(text: str) -> int:
    """Give milliseconds of a duration with or without a sign, such as -6m; raises ValueError."""
    sign = -1 if text.startswith("-") else 1
    try:
        return sign * to_ms(text[1:] if text[:1] in {"+", "-"} else text)
    except ValueError:
        raise ValueError(f"expected a signed duration such as +6m or -90s, found {text[:40]!r}") from None


def duration_text(ms: int) -> str:
    """Give milliseconds in the largest unit that holds them exactly: 3600000 is 1h."""
    unit = next((unit for unit in ("d", "h", "m", "s") if ms and ms % _UNITS_MS[unit] == 0), "ms")
    return f"{ms // _UNITS_MS[unit]}{unit}"
