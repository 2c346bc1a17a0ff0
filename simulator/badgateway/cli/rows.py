"""Rows of a catalogue as lines of a terminal: in short, or all that is known."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import groupby

from badgateway.cli.catalogues import Listed
from badgateway.cli.output import is_coloured, width
from badgateway.ground.duration import duration_text
from badgateway.report.line import Line, lay_out

_LABEL = re.compile(r"(On the wire|In the field|Should hold): ")


def in_short(row: Listed, column: int) -> list[Line]:
    """Give the one line of a row; names take `column` characters."""
    return [Line(f"{row.name:<{column}}", row.summary, "strong")]


def in_full(row: Listed, column: int) -> list[Line]:
    """Give all lines of a row, with an empty one behind them."""
    said = _paragraphs(part for part in row.text.split("\n") if part != row.summary)
    lines = [*in_short(row, column), *(Line("    ", part) for part in said)]
    for key, value in row.details.items():
        lines += _detail(key, value) if value else []
    return [*lines, Line()]


def print_lines(lines: Iterable[Line]) -> None:
    """Write lines to stdout: wrapped in a terminal; in a pipe each part stays on one line, for grep."""
    columns = width(sys.stdout) if sys.stdout.isatty() else 10_000
    sys.stdout.write(lay_out(lines, columns, is_coloured=is_coloured(sys.stdout)))


def _paragraphs(parts: Iterable[str]) -> list[str]:
    """Join what a docstring breaks into lines; a line that begins with a label begins a paragraph."""
    made = [""]
    for part in parts:
        if not part or _LABEL.match(part):
            made.append("")
        made[-1] = f"{made[-1]} {part}".strip()
    return [one for one in made if one]


def _detail(key: str, value: object) -> list[Line]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [Line(f"    {key}:", "", "quiet"), *(Line("      ", _option(item)) for item in value)]
    if key.endswith("_ms") and isinstance(value, list):
        return [Line(f"    {key.removesuffix('_ms').replace('_', ' ')}: ", _times(value), "quiet")]
    told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return [Line(f"    {key.replace('_', ' ')}: ", told, "quiet")]


def _times(waits_ms: list[int]) -> str:
    """Give waits as people write them, equal ones in a row counted: 1h, 2h, 8 x 12h."""
    runs = [(duration_text(ms), len(list(run))) for ms, run in groupby(waits_ms)]
    return ", ".join(wait if count == 1 else f"{count} x {wait}" for wait, count in runs)


def _option(item: dict[str, object]) -> str:
    """Say what one option is, what it may be, and what it is where nothing is said."""
    if "kind" not in item:
        return f"{item['name']}: {item['help']}"
    choices = item.get("choices") or ()
    kind = "|".join(map(str, choices)) if isinstance(choices, list | tuple) and choices else item["kind"]
    default = f", {item['default']} where left out" if item.get("default") is not None else ""
    return f"{item['name']} ({kind}{default}): {item['help']}"
