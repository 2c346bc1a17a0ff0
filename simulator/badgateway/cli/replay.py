"""`badgateway replay`: play again what a journal records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from badgateway.cli.folders import new_run_folder
from badgateway.cli.output import Output, telling, write_reports
from badgateway.cli.playing import reproduce_line
from badgateway.cli.target import find
from badgateway.cli.teller import Teller
from badgateway.ground.clock import monotonic_ms
from badgateway.report.summary import summarise
from badgateway.server.loops import run as run_in_loop

NONDETERMINISTIC = 4
_EPILOG = """\b
Examples:
  badgateway replay .badgateway/runs/LATEST/journals/scenarios-retries-lost-answer-case1-seed1.ndjson
  badgateway replay journal.ndjson --defect retry-new-key
"""


@click.command("replay", epilog=_EPILOG)
@click.argument("journal", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--config", metavar="FILE", help="The badgateway.yaml, or the word reference for the embedded one."
)
@click.option("--defect", metavar="ID", help="Plant this bug in the embedded reference integration.")
@telling
def command(journal: Path, config: str | None, defect: str | None, **options: Any) -> int:
    """Play again what a journal records, and judge it again.

    The plan is taken from the journal, not from the scenario file. Where the new play went another way than
    the old one, that is said and the exit code is 4 (unless something is broken).
    """
    from badgateway import pipeline
    from badgateway.journal.fingerprint import fingerprint, fingerprint_outside_races
    from badgateway.journal.ndjson import read_journal

    output = Output(options["form"], options["reports"], Path(options["report_dir"]), options["quiet"])
    recorded = read_journal(journal)
    target = find(config, defect, is_quiet=output.is_quiet)
    began_ms = monotonic_ms()
    result = run_in_loop(
        pipeline.replay(
            journal,
            target.description,
            extra_arguments=target.extra_arguments,
            workdir=new_run_folder(),
            reproduce=reproduce_line(target.words),
        )
    )
    real_ms = monotonic_ms() - began_ms
    teller = Teller((result.plan,), output)
    teller.add(result)
    teller.close(real_ms)
    write_reports(output, (result,), real_ms)
    code = summarise((result,)).exit_code
    mark = fingerprint_outside_races if result.plan.is_racing else fingerprint
    if mark(recorded) == mark(result.entries):
        click.echo("the replay took the same way as the journal", err=True)
        return code
    click.echo("the replay took another way than the journal", err=True)
    return code or NONDETERMINISTIC
