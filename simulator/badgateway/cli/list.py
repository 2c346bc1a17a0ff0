"""`badgateway list`: the words that scenarios and command lines may use."""

from __future__ import annotations

import json

import click

from badgateway.cli.catalogues import CATALOGUES, Listed
from badgateway.cli.rows import in_full, in_short, print_lines
from badgateway.cli.selection import Selection, scenarios

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
    """List what scenarios may name: faults, invariants, providers and more.

    With --long each is told in full; `badgateway explain WORD` tells one.
    """
    rows = _scenarios() if kind == "scenarios" else CATALOGUES[kind]()
    if is_json:
        told = [{"name": row.name, "summary": row.summary, "text": row.text, **row.details} for row in rows]
        click.echo(json.dumps(told, indent=2, default=str))
        return 0
    column = max((len(row.name) for row in rows), default=0) + 2
    print_lines(line for row in rows for line in (in_full if is_long else in_short)(row, column))
    return 0


def _scenarios() -> list[Listed]:
    return [
        Listed(story.path, story.title, details={"why": story.why, "tags": list(story.tags)})
        for story in scenarios(Selection())
    ]
