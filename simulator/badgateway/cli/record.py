"""`badgateway record`: a proxy to a real sandbox that writes down what it answers, without secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from badgateway.cli.folders import new_recording
from badgateway.cli.own_providers import named
from badgateway.errors import InputError

if TYPE_CHECKING:
    from badgateway.drift.proxy import Tally

_EPILOG = """\b
Examples:
  badgateway record --upstream https://api.stripe.com --port 4010
  badgateway record --upstream https://checkout-test.adyen.com --provider adyen --out adyen.ndjson
  STRIPE_API_BASE=http://127.0.0.1:4010 python my_integration.py
"""


@click.command("record", epilog=_EPILOG)
@click.option("--upstream", required=True, metavar="URL", help="The real sandbox, over http or https.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The recording; by default a new file in .badgateway/recordings.",
)
@click.option(
    "--provider",
    metavar="NAME|FILE",
    callback=named,
    help="Whose sandbox it is (badgateway list providers); known by itself for the real addresses.",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, show_default=True, help="0: any free port."
)
def command(upstream: str, out: Path | None, provider: str | None, port: int) -> int:
    """Record what a real sandbox answers, for `badgateway drift`.

    Point the integration, or curl, at the address that is printed: every call goes on to the sandbox with
    its own credentials, and the answer comes back as it is. Credentials, secrets, signatures, card numbers,
    security codes and what tells of persons are hidden before anything is written; identifiers become tokens.
    Interrupt with Ctrl-C to end; the file's name is printed then.
    """
    from badgateway.drift.proxy import Tally, record
    from badgateway.server.loops import run as run_in_loop

    whose = provider or _provider_at(upstream)
    path = out or new_recording(whose)
    tally = Tally()

    def on_ready(url: str) -> None:
        click.echo(f"recording {upstream} at {url} into {path}; end with Ctrl-C", err=True)

    try:
        run_in_loop(record(upstream, whose, path, port=port, tally=tally, on_ready=on_ready))
    except KeyboardInterrupt:
        _tell(tally)
        click.echo(path)
    return 0


def _provider_at(upstream: str) -> str:
    """Name the provider whose real address this is; raises InputError where none has it."""
    from badgateway.providers import DIALECTS
    from badgateway.providers.base import hosts_of

    host = (urlsplit(upstream).hostname or "") if "://" in upstream else ""
    found = [dialect.name for dialect in DIALECTS if host in hosts_of(dialect)]
    if not found:
        raise InputError(f"whose address {upstream!r} is, is not known: say --provider NAME")
    return found[0]


def _tell(tally: Tally) -> None:
    statuses = ", ".join(f"{times} with {status}" for status, times in sorted(tally.statuses.items()))
    calls = "1 call" if tally.exchanges == 1 else f"{tally.exchanges} calls"
    click.echo(f"{calls} recorded" + (f": {statuses}" if statuses else ""), err=True)
    for why, times in sorted(tally.problems.items()):
        click.echo(f"{times} without a whole answer: {why}", err=True)
    if tally.opaque:
        click.echo(f"{tally.opaque} bodies were no JSON and no form, and only counted", err=True)
