"""Where each entry stands from left to right: in the order of the journal, wider where more time went by."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from badgateway.ground.duration import duration_text
from badgateway.journal.entry import Entry

WIDTH_MIN = 1070  # pixels; a short story is stretched to it, a long one scrolls
_LEFT, _RIGHT = 14, 96  # room before the first entry, and after the last for its label
_STEP, _STEP_MAX = 7.0, 46.0
_JUMP = 52  # virtual time that is jumped takes the same room, be it an hour or a month
_LETTER = 6.3  # width of a letter of a label


@dataclass(frozen=True, slots=True)
class Jump:
    """Virtual time that was jumped."""

    left: int
    right: int
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The place of every entry that is drawn."""

    places: Mapping[int, int]  # seq -> pixels from the left
    jumps: tuple[Jump, ...]
    width: int

    def x(self, seq: int) -> int:
        """Give the place of an entry, or of the last one drawn before it."""
        if seq in self.places:
            return self.places[seq]
        return max((place for known, place in self.places.items() if known < seq), default=_LEFT)

    @property
    def end(self) -> int:
        """Give where what never ended is drawn to."""
        return self.width - 8


def letters(text: str) -> int:
    """Give the width of a label in pixels, about."""
    return math.ceil(len(text) * _LETTER)


def lay_axis(entries: Sequence[Entry], room: Mapping[int, int]) -> Axis:
    """Place entries that are in order; `room` asks that what stands after a seq keeps so many pixels away."""
    natural: dict[int, float] = {}
    jumps: list[tuple[float, float, int]] = []
    place, free_from, last = float(_LEFT), 0.0, None
    for entry in entries:
        if last is not None:
            place += _gap(entry.real_ms - last.real_ms)
            if entry.at_ms > last.at_ms:
                jumps.append((place, place + _JUMP, entry.at_ms - last.at_ms))
                place += _JUMP + _STEP
        if entry.seq in room:
            place = max(place, free_from)
            free_from = place + room[entry.seq]
        natural[entry.seq], last = place, entry
    stretch = max(1.0, (WIDTH_MIN - _LEFT - _RIGHT) / max(1.0, place - _LEFT))
    stretch = min(stretch, 3.0)

    def scaled(x: float) -> int:
        return round(_LEFT + (x - _LEFT) * stretch)

    return Axis(
        {seq: scaled(x) for seq, x in natural.items()},
        tuple(Jump(scaled(left), scaled(right), f"+{duration_text(by)}") for left, right, by in jumps),
        max(WIDTH_MIN, scaled(place) + _RIGHT),
    )


def _gap(real_ms: float) -> float:
    """Give more room to a longer wait, but not in proportion."""
    return min(_STEP_MAX, _STEP + 4 * math.log2(1 + max(0.0, real_ms) / 8))
