"""`badgateway list`: the words that scenarios and command lines may use."""

from __future__ import annotations

import json
import sys

import click

from badgateway.cli.catalogues import CATALOGUES, Listed
from badgateway.cli.output import is_coloured, width
from badgateway.cli.selection import Selection, scenarios
from badgateway.report.line import Line, lay_out

KINDS = ("scenarios", *CATALOGUES)
_EPILOG = """\b
Examples:
  badgateway list faults
  badgateway list defects --long
  badgateway list scenarios --json
"""


@click.command("list", epilog=_EPILOG)
@click.argument("kind", type=click.Choice(KINDS), metavar="|".join(KINDS))
@click.option("--long", "is_long", is_flag=True, help="All that is known about each.")
@click.option("--json", "is_json", is_flag=True, help="For programs.")
def command(kind: str, is_long: bool, is_json: bool) -> int:
    """List what scenarios may name: faults, invariants, providers and more."""
    rows = _scenarios() if kind == "scenarios" else CATALOGUES[kind]()
    if is_json:
        told = [{"name": row.name, "summary": row.summary, "text": row.text, **row.details} for row in rows]
        click.echo(json.dumps(told, indent=2, default=str))
        return 0
    column = max((len(row.name) for row in rows), default=0) + 2
    lines = [line for row in rows for line in _lines(row, column, is_long=is_long)]
    # In a pipe each part stays on one line, for grep.
    columns = width(sys.stdout) if sys.stdout.isatty() else 10_000
    sys.stdout.write(lay_out(lines, columns, is_coloured=is_coloured(sys.stdout)))
    return 0


def _scenarios() -> list[Listed]:
    return [
        Listed(story.path, story.title, story.why, {"why": story.why, "tags": list(story.tags)})
        for story in scenarios(Selection())
    ]


def _lines(row: Listed, column: int, *, is_long: bool) -> list[Line]:
    lines = [Line(f"{row.name:<{column}}", row.summary, "strong")]
    if not is_long:
        return lines
    said = [part for part in row.text.split("\n") if part and part != row.summary]
    lines += [Line("    ", part) for part in said]
    for key, value in row.details.items():
        lines += _detail(key, value) if value else []
    return [*lines, Line()]


def _detail(key: str, value: object) -> list[Line]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [Line(f"    {key}:", "", "quiet"), *(Line("      ", _option(item)) for item in value)]
    return [
        Line(f"    {key}: ", ", ".join(map(str, value)) if isinstance(value, list) else str(value), "quiet")
    ]


def _option(item: dict[str, object]) -> str:
    """Say what one option is, what it may be, and what it is where nothing is said."""
    choices = item.get("choices") or ()
    kind = "|".join(map(str, choices)) if isinstance(choices, list | tuple) and choices else item["kind"]
    default = f", {item['default']} where left out" if item.get("default") is not None else ""
    return f"{item['name']} ({kind}{default}): {item['help']}"
