"""`badgateway explain`: the plan of a scenario in words, or one word of the language."""

from __future__ import annotations

from pathlib import Path

import click

from badgateway.cli.catalogues import CATALOGUES, NAMES, Listed
from badgateway.cli.rows import in_full, print_lines
from badgateway.cli.selection import Selection, plans
from badgateway.errors import EnvironmentProblem, UnknownWord
from badgateway.report.line import Line

_EPILOG = """\b
Examples:
  badgateway explain scenarios/retries/lost_answer.yaml
  badgateway explain scenarios/webhooks/duplicates.yaml --case 2 --seed 7
  badgateway explain trickle
  badgateway explain honest_ambiguity
"""
_SINGULAR = {"deliveries": "delivery"}


@click.command("explain", epilog=_EPILOG)
@click.argument("what", metavar="FILE|WORD")
@click.option(
    "--case", type=click.IntRange(1), metavar="N", help="Only this case of a scenario with a matrix."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed.")
def command(what: str, case: int | None, seed: int) -> int:
    """Say in words what a scenario will do, or what a word means.

    Of a scenario the plan of each case is told: its orders, steps, faults, deliveries and what it expects.
    Of a word (a step, fault, delivery, invariant or its code, defect or provider) all that is known is told.
    """
    from badgateway.plan.describe import describe

    if not _is_path(what):
        _tell(what)
        return 0
    for place, plan in enumerate(plans(Selection((what,), case=case, seed=seed))):
        if place:
            click.echo()
        click.echo(describe(plan).rstrip("\n"))
    return 0


def _is_path(what: str) -> bool:
    return Path(what).exists() or what == "scenarios" or "/" in what or what.endswith((".yaml", ".yml"))


def _tell(word: str) -> None:
    """Tell everything that is called so: `kill` is a step and a fault; raises UnknownWord."""
    kinds = [kind for kind, names in NAMES.items() if word in names()]
    rows = {kind: _rows(kind) for kind in kinds or CATALOGUES}
    found = [(kind, row) for kind, known in rows.items() for row in known if _is_called(row, word, kind)]
    if not found:
        raise UnknownWord("word", word, [row.name for known in rows.values() for row in known])
    for kind, row in found:
        head = Line("", f"{_SINGULAR.get(kind, kind[:-1])} {row.name}", style="strong")
        print_lines([head, Line("    ", row.summary), *in_full(row, 0)[1:]])


def _is_called(row: Listed, word: str, kind: str) -> bool:
    return row.name == word or (kind == "invariants" and row.details.get("code") == word)


def _rows(kind: str) -> list[Listed]:
    try:
        return CATALOGUES[kind]()
    except EnvironmentProblem:  # no bug can be planted without the extra that brings the integration
        return []
