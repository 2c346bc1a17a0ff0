"""`badgateway serve`: simulated providers for work by hand."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badgateway.cli.own_providers import named
from badgateway.cli.selection import Selection, plans
from badgateway.errors import InputError, UnknownWord
from badgateway.server.loops import run as run_in_loop
from badgateway.server.loops import spare_the_collector

if TYPE_CHECKING:
    from badgateway.providers.euler.behind import Rule

_EPILOG = """\b
Examples:
  badgateway serve
  badgateway serve --port 0 --print-env > .env.badgateway
  badgateway serve --provider adyen --webhook http://127.0.0.1:8000/webhooks/adyen
  badgateway serve --provider ./acme.provider.yaml --print-env
  badgateway serve --behind stripe,adyen --rules routing.yaml
  badgateway serve --state .badgateway/provider --port 12111
  badgateway serve scenarios/retries/lost_answer.yaml --webhook http://127.0.0.1:8000/webhooks/stripe
"""


@click.command("serve", epilog=_EPILOG)
@click.argument("file", required=False)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, show_default=True, help="0: any free port."
)
@click.option("--print-env", is_flag=True, help="Print lines for a shell or an env file on stdout.")
@click.option(
    "--provider",
    metavar="NAME|FILE",
    callback=named,
    help="Which provider (badgateway list providers), or a file that declares one; FILE knows its own.",
)
@click.option(
    "--behind",
    metavar="NAME,NAME",
    help="Put these gateways behind Euler, in the order of priority; it sends payments on to them.",
)
@click.option(
    "--rules",
    "rules_file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    metavar="FILE",
    help="By which it chooses among them: `rules: [...]` as in a story; else the next if one did nothing.",
)
@click.option("--webhook", metavar="URL", help="Where webhooks go; a loopback address.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep everything in DIR, and go on from there at the next start.",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=2_000,
    show_default=True,
    metavar="N",
    help="So many payments stay in memory; older ones are kept in a file and served all the same.",
)
@click.option("--api-version", metavar="DATE", help="The version that the account is kept at.")
@click.option(
    "--case", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Case of FILE."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of FILE.")
def command(
    file: str | None,
    port: int,
    print_env: bool,
    provider: str | None,
    behind: str | None,
    rules_file: Path | None,
    webhook: str | None,
    state: Path | None,
    keep: int,
    api_version: str | None,
    case: int,
    seed: int,
) -> int:
    """Serve simulated providers for work by hand.

    They serve until they are interrupted. With FILE, the faults and deliveries of that scenario happen;
    without, the providers behave. With --state, a server that was killed comes back with every object,
    idempotency key, credential and webhook that was not delivered yet. With --behind, Euler routes
    payments to the gateways that are named, tells what became of them, and goes on where one fails.
    """
    spare_the_collector()  # else it goes through everything several times while the rest is loaded
    from badgateway.integration.attaching import as_variables
    from badgateway.serving import serve

    if file and (behind or rules_file):
        raise InputError("FILE says itself who stands behind its provider: leave --behind and --rules out")
    provider, gateways, rules = _parties(provider, behind, rules_file)
    if file and state is not None:
        raise InputError("--state keeps a provider that behaves; a story (FILE) begins anew with each start")
    asked = Selection((file,) if file else (), case=case, seed=seed, provider=provider)
    plan = plans(asked)[0] if file else None

    def on_ready(settings: Mapping[str, str]) -> None:
        for name, value in as_variables(settings).items():
            click.echo(f"{name}={shlex.quote(value)}", err=not print_env)
        click.echo("serving; interrupt with Ctrl-C", err=True)
        spare_the_collector()

    run_in_loop(
        serve(
            plan,
            port=port,
            webhook_url=webhook,
            api_version=api_version,
            state=state,
            provider=provider,
            on_ready=on_ready,
            keep=keep,
            behind=gateways,
            rules=rules,
            on_full=lambda told: click.echo(told, err=True),
        )
    )
    return 0


def _parties(
    provider: str | None, behind: str | None, rules_file: Path | None
) -> tuple[str | None, tuple[str, ...], tuple[Rule, ...]]:
    """Give who is served, who stands behind it, and by which rules it chooses; raises InputError."""
    if behind is None:
        if rules_file is not None:
            raise InputError("--rules choose among the gateways of --behind: name some")
        return provider, (), ()
    from badgateway.plan.standing_behind import read_rules_file
    from badgateway.providers import DIALECTS
    from badgateway.providers.base import StandsBefore
    from badgateway.providers.euler.behind import GATEWAYS

    able = [one.name for one in DIALECTS if isinstance(one, StandsBefore)]
    if provider is not None and DIALECTS[provider].name not in able:
        raise InputError(f"{provider} sends payments on to nobody; one that does: {', '.join(able)}")
    gateways = tuple(dict.fromkeys(name.strip() for name in behind.split(",") if name.strip()))
    for name in gateways or ("",):
        if name not in GATEWAYS:
            raise UnknownWord("gateway", name, GATEWAYS)
    rules = read_rules_file(rules_file, gateways) if rules_file is not None else ()
    return provider or able[0], gateways, rules
