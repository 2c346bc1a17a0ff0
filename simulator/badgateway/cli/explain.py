"""`badgateway explain`: the plan of a scenario in words."""

from __future__ import annotations

import click

from badgateway.cli.selection import Selection, plans

_EPILOG = """\b
Examples:
  badgateway explain scenarios/retries/lost_answer.yaml
  badgateway explain scenarios/webhooks/duplicates.yaml --case 2 --seed 7
"""


@click.command("explain", epilog=_EPILOG)
@click.argument("file")
@click.option(
    "--case", type=click.IntRange(1), metavar="N", help="Only this case of a scenario with a matrix."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed.")
def command(file: str, case: int | None, seed: int) -> int:
    """Say in words what a scenario will do.

    The plan of each case is told: its orders, steps, faults, deliveries and what it expects.
    """
    from badgateway.plan.describe import describe

    for place, plan in enumerate(plans(Selection((file,), case=case, seed=seed))):
        if place:
            click.echo()
        click.echo(describe(plan).rstrip("\n"))
    return 0
