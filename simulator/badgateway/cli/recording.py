"""`--record-pacts`: pacts of what an integration asked of its providers while its scenarios were played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from badgateway.errors import InputError

if TYPE_CHECKING:
    from badgateway.verify.pact_recorder import Recorder

Command = TypeVar("Command", bound=Callable[..., Any])


def recording(command: Command) -> Command:
    """Add --record-pacts and --pact-fields."""
    for option in (
        click.option(
            "--pact-fields",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="With --record-pacts: which fields are read, as YAML; else all that are promised.",
        ),
        click.option(
            "--record-pacts",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="Also write Pact files of what the integration asked of its provider, and was told.",
        ),
    ):
        command = option(command)
    return command


def recorder_for(consumer: str, folder: Path | None, fields: Path | None) -> Recorder | None:
    """Give who records, or None; raises InputError for options and a file that cannot be taken."""
    if folder is None:
        if fields is not None:
            raise InputError("--pact-fields goes with --record-pacts DIR")
        return None
    from badgateway.verify.pact_recorder import Recorder
    from badgateway.verify.reading import read_reading
    from badgateway.verify.tool import need_contracts

    need_contracts(("jsonschema_rs",))
    return Recorder(consumer, read_reading(fields) if fields is not None else None)


def write_pacts(recorder: Recorder, folder: Path) -> None:
    """Write the pacts, and say on stderr what stands in them and what does not."""
    for one in recorder.write(folder):
        click.echo(
            f"pact: {one.path}: {one.calls} calls and {one.messages} webhooks, from {one.plays} plays",
            err=True,
        )
        for (name, why), count in sorted(one.left_out.items()):
            click.echo(f"  left out: {name} (seen {count}): {why}", err=True)
    for name in recorder.unread():
        click.echo(f"  the list of fields names {name!r}, of which nothing was recorded", err=True)
