"""`badgateway run`: play scenarios against an integration and judge its money."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from badgateway.cli.output import Output, telling
from badgateway.cli.playing import play
from badgateway.cli.recording import recorder_for, recording, write_pacts
from badgateway.cli.selection import Selection, filters, plans, served, spoken
from badgateway.cli.target import find

_EPILOG = """\b
Examples:
  badgateway run
  badgateway run scenarios/retries -k capture --seeds 10 --workers 2
  badgateway run scenarios/webhooks --report junit --report markdown
  badgateway run --workers 1 --worlds 8
  badgateway run --provider adyen
  badgateway run --merchant second
  badgateway run scenarios/retries/lost_answer.yaml --case 1 --seed 7
  badgateway run --seeds 3 --record-pacts pacts
"""


@click.command("run", epilog=_EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@filters
@click.option(
    "--case", type=click.IntRange(1), metavar="N", help="Only this case of a scenario with a matrix."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", help="Copies of the integration, side by side."
)
@click.option(
    "--worlds",
    type=click.IntRange(1, 64),
    default=1,
    metavar="N",
    help="Stories played at once against each copy; what cannot share one runs alone.",
)
@click.option(
    "--config", metavar="FILE", help="The badgateway.yaml, or the word reference for the embedded one."
)
@click.option("--defect", metavar="ID", help="Plant this bug in the embedded reference integration.")
@click.option(
    "--merchant",
    metavar="NAME",
    help="Whose orders they are in stories that name no merchant; default: the first of badgateway.yaml.",
)
@click.option("--check-determinism", is_flag=True, help="Play everything twice and compare.")
@recording
@telling
def command(
    paths: tuple[str, ...],
    case: int | None,
    workers: int | None,
    worlds: int,
    config: str | None,
    defect: str | None,
    merchant: str | None,
    check_determinism: bool,
    record_pacts: Path | None,
    pact_fields: Path | None,
    **options: Any,
) -> int:
    """Play scenarios against an integration and judge its money.

    PATHS are scenario files or folders; without any, ./scenarios where it exists, else the scenarios that
    badgateway brings along. The integration is described by badgateway.yaml; without one, the embedded
    reference integration is put to the test.

    With --record-pacts, what was asked and told while nothing was made to go wrong becomes a Pact file for
    each provider: ids, amounts and moments by their form, words as they are, no credentials, signatures or
    card data. Which fields of an answer are read cannot be seen: all count that are in every answer and that
    the provider's document promises, unless --pact-fields lists fewer.
    """
    selection = Selection(
        paths, options["words"], options["tags"], case, options["seed"], options["seeds"], options["provider"]
    )
    output = Output(options["form"], options["reports"], Path(options["report_dir"]), options["quiet"])
    # The configuration may declare the provider that a story is for.
    target = find(config, defect, is_quiet=output.is_quiet).serving(merchant)
    described = target.description
    chosen = served(spoken(plans(selection, merchants=described.in_turn), described), described)
    recorder = recorder_for(target.description.name, record_pacts, pact_fields)
    watch: dict[str, Any] = {} if recorder is None else {"on_played": recorder.watch}
    exit_code = play(
        chosen, target, output, workers=workers, worlds=worlds, check_determinism=check_determinism, **watch
    )
    if recorder is not None and record_pacts is not None:
        write_pacts(recorder, record_pacts)
    return exit_code
