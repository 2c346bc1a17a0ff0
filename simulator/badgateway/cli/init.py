"""`badgateway init`: the first files of a user, written with comments."""

from __future__ import annotations

from pathlib import Path

import click

from badgateway.errors import EnvironmentProblem, InputError, Problem

_TEMPLATES = Path(__file__).parent / "templates"
# template -> where it goes
FILES = {"badgateway.yaml": "badgateway.yaml", "first_payment.yaml": "scenarios/first_payment.yaml"}
_EPILOG = """\b
Examples:
  badgateway init
  badgateway init services/payments --force
"""


@click.command("init", epilog=_EPILOG)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--force", is_flag=True, help="Write over files that are there.")
def command(folder: Path, force: bool) -> int:
    """Write a commented badgateway.yaml and a first scenario.

    Nothing is written where one of the files is there already.
    """
    there = [folder / place for place in FILES.values() if (folder / place).exists()]
    if there and not force:
        raise InputError(
            [Problem(str(path), 0, 0, "is there already", "use --force to write over it") for path in there]
        )
    for template, place in FILES.items():
        path = folder / place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((_TEMPLATES / template).read_bytes())
        except OSError as error:
            raise EnvironmentProblem(f"{path} cannot be written: {error.strerror}") from error
        click.echo(path.as_posix())
    click.echo("next: describe your integration in badgateway.yaml, then run badgateway doctor", err=True)
    return 0
