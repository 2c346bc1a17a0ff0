"""`badgateway attach`: a program that has the provider's address hard-coded, led to a simulated provider."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from badgateway.integration.attaching import PROXY, WAYS
from badgateway.server.loops import run as run_in_loop

_EPILOG = """\b
Examples:
  badgateway attach -- python app.py
  badgateway attach --webhook http://127.0.0.1:8000/webhooks/stripe -- node server.mjs
  badgateway attach --by proxy -- sh -c 'curl -u "$STRIPE_API_KEY:" https://api.stripe.com/v1/balance'
"""


@click.command("attach", epilog=_EPILOG, context_settings={"ignore_unknown_options": True})
@click.option(
    "--by",
    "ways",
    type=click.Choice(list(WAYS)),
    multiple=True,
    metavar="WAY",
    help=f"One of {', '.join(WAYS)}; may be repeated. Default: all but {PROXY}.",
)
@click.option("--provider", default="stripe", show_default=True, help="Which one is simulated.")
@click.option("--webhook", metavar="URL", help="Where webhooks go; a loopback address.")
@click.argument("command", nargs=-1, required=True, metavar="-- COMMAND...", type=click.UNPROCESSED)
def command(ways: tuple[str, ...], provider: str, webhook: str | None, command: tuple[str, ...]) -> int:
    """Run a program with its calls to the real provider led to a simulated one.

    Nothing in the program changes: environment variables, a start-up hook of Python or Node, or a forward
    proxy with a certificate authority made for this run see to it. The simulated provider ends with the
    program, whose exit code this command gives. For stories and a verdict, say `attach` in badgateway.yaml.
    """
    from badgateway.attached import attach

    chosen = ways or tuple(way for way in WAYS if way != PROXY)

    def on_ready(made: Mapping[str, str]) -> None:
        click.echo(f"attached by {', '.join(chosen)}; set: {', '.join(sorted(made))}", err=True)

    with tempfile.TemporaryDirectory(prefix="badgateway-attach-") as folder:
        code, refused = run_in_loop(
            attach(
                command,
                chosen,
                provider=provider,
                webhook_url=webhook,
                folder=Path(folder),
                on_ready=on_ready,
            )
        )
    for host, times in sorted(refused.items()):
        click.echo(f"refused: {host} ({times} {'time' if times == 1 else 'times'}), not simulated", err=True)
    return code
