"""`badgateway init`: the first files of a user, written with comments."""

from __future__ import annotations

from pathlib import Path

import click

from badgateway.errors import EnvironmentProblem, InputError, Problem

_STORY = Path(__file__).parent / "templates" / "first_payment.yaml"
CONFIG, STORY = "badgateway.yaml", "scenarios/first_payment.yaml"
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
    from badgateway.integration.starter import starter_text

    there = [folder / place for place in (CONFIG, STORY) if (folder / place).exists()]
    if there and not force:
        raise InputError(
            [Problem(str(path), 0, 0, "is there already", "use --force to write over it") for path in there]
        )
    for place, text in ((CONFIG, starter_text()), (STORY, _STORY.read_text(encoding="utf-8"))):
        path = folder / place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise EnvironmentProblem(f"{path} cannot be written: {error.strerror}") from error
        click.echo(path.as_posix())
    click.echo("next: describe your integration in badgateway.yaml, then run badgateway doctor", err=True)
    return 0
