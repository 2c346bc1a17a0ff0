"""A line of a terminal report: a head that stays in its column, and a text that wraps beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click

# Colours by what they mean; bold and dim only where a colour would say too much.
STYLES: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "good": {"fg": "green"},
    "bad": {"fg": "red", "bold": True},
    "doubt": {"fg": "yellow"},
    "strong": {"bold": True},
    "quiet": {"dim": True},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line before wrapping; `head` keeps its spaces, `text` wraps unless it is whole."""

    head: str = ""
    text: str = ""
    head_style: str = ""
    style: str = ""
    is_whole: bool = False


def lay_out(lines: Iterable[Line], width: int, *, is_coloured: bool) -> str:
    """Give the lines wrapped to a width in columns, with or without colours."""
    return "".join(f"{laid}\n" for line in lines for laid in _wrapped(line, width, is_coloured=is_coloured))


def _wrapped(line: Line, width: int, *, is_coloured: bool) -> list[str]:
    def paint(text: str, style: str) -> str:
        return click.style(text, **STYLES[style]) if is_coloured and text and style else text

    room = max(20, width - len(line.head))
    parts = [line.text] if line.is_whole else textwrap.wrap(line.text, room, break_on_hyphens=False) or [""]
    indent = " " * len(line.head)
    heads = [paint(line.head, line.head_style), *([indent] * (len(parts) - 1))]
    return [f"{head}{paint(part, line.style)}".rstrip() for head, part in zip(heads, parts, strict=True)]
