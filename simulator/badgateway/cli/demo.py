"""`badgateway demo`: the bundled scenarios against the embedded reference integration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from badgateway.cli.catalogues import Planted, defects
from badgateway.cli.output import Output, telling
from badgateway.cli.playing import collect, play
from badgateway.cli.selection import Selection, filters, plans
from badgateway.cli.target import embedded
from badgateway.errors import InputError
from badgateway.report import matrix

if TYPE_CHECKING:
    from badgateway.plan.model import Plan

# Groups of defects whose stories lie in a folder of another name.
_FOLDERS = {"returns": "return", "effects": "lifecycle", "telemetry": "lifecycle"}

_EPILOG = """\b
Examples:
  badgateway demo
  badgateway demo --defect retry-new-key
  badgateway demo -k "answer lost" --seeds 10
  badgateway demo --matrix
"""


@click.command("demo", epilog=_EPILOG)
@filters
@click.option("--defect", metavar="ID", help="Plant this bug in the integration (badgateway list defects).")
@click.option(
    "--matrix",
    "is_matrix",
    is_flag=True,
    help="Plant every bug in turn, or that of --defect; print who catches it.",
)
@click.option(
    "--whole",
    is_flag=True,
    help="With --matrix: all stories for every bug, not only smoke and those of its own folder.",
)
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --matrix: renew the table in this file, or the rows of --defect.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", help="Copies of the integration, side by side."
)
@telling
def command(
    defect: str | None,
    is_matrix: bool,
    whole: bool,
    write: Path | None,
    workers: int | None,
    **options: Any,
) -> int:
    """Play the bundled scenarios against the embedded reference integration.

    The correct integration holds every law. With --defect it carries one real bug, and the verdict shows
    what that bug costs.
    """
    selection = Selection(
        (), options["words"], options["tags"], None, options["seed"], options["seeds"], options["provider"]
    )
    output = Output(options["form"], options["reports"], Path(options["report_dir"]), options["quiet"])
    if is_matrix:
        embedded(defect)  # refuses a name that is in no catalogue
        planted = [one for one in defects() if defect in (None, one.name)]
        return _matrix(planted, selection, write, workers, is_quiet=output.is_quiet, is_whole=whole)
    if write is not None or whole:
        raise InputError(f"--{'write' if write is not None else 'whole'} goes with --matrix")
    target = embedded(defect)
    return play(plans(selection, is_bundled=True), target, output, workers=workers)


def _matrix(
    planted: Sequence[Planted],
    selection: Selection,
    write: Path | None,
    workers: int | None,
    *,
    is_quiet: bool,
    is_whole: bool,
) -> int:
    chosen = plans(selection, is_bundled=True)
    rows = []
    for defect in planted:
        if not is_quiet:
            click.echo(f"planting {defect.name}", err=True)
        first, rest = (chosen, []) if is_whole else _near(chosen, defect)
        target = embedded(defect.name)
        results = collect(first, target, workers=workers, is_quiet=is_quiet) if first else ()
        row = matrix.row(defect.name, defect.primary, results)
        if not row.is_caught and rest:
            results += collect(rest, target, workers=workers, is_quiet=is_quiet)
            row = matrix.row(defect.name, defect.primary, results)
        rows.append(row)
    is_caught = all(row.is_caught for row in rows)
    if write is not None:
        rows = _among_others(rows, write)
    table = f"{matrix.render(rows)}\n{matrix.render_laws(rows)}"
    if write is not None:
        matrix.renew(write, table)
    else:
        click.echo(table, nl=False)
    return 0 if is_caught else 1


def _among_others(rows: Sequence[matrix.Row], path: Path) -> list[matrix.Row]:
    """Put new rows into their places among those that a file shows already, in the catalogue's order."""
    primaries = {one.name: one.primary for one in defects()}
    known = {row.defect: row for row in (*matrix.read(path, primaries), *rows)}
    return [known[name] for name in primaries if name in known]


def _near(chosen: Sequence[Plan], defect: Planted) -> tuple[list[Plan], list[Plan]]:
    """Part the stories into those that come first for a defect (smoke, and its own folder) and the rest."""
    folder = f"scenarios/{_FOLDERS.get(defect.group, defect.group)}/"
    near = [plan for plan in chosen if "smoke" in plan.tags or plan.scenario.startswith(folder)]
    return near, [plan for plan in chosen if plan not in near]
