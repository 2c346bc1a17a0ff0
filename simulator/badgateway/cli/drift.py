"""`badgateway drift`: a recording of a real sandbox, played again against the simulated provider."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badgateway.cli.drift_table import as_json, as_lines, as_markdown
from badgateway.cli.output import is_coloured, width
from badgateway.cli.own_providers import named
from badgateway.errors import InputError
from badgateway.report.line import lay_out
from badgateway.server.loops import run as run_in_loop

if TYPE_CHECKING:
    from badgateway.drift.recording import Recording
    from badgateway.drift.replay import Drift

_DRIFTED = 1
_EPILOG = """\b
Examples:
  badgateway drift .badgateway/recordings/stripe-1.ndjson
  badgateway drift stripe.ndjson --api-version 2024-06-20 --format markdown
  badgateway drift acme.ndjson --provider ./acme.provider.yaml
  badgateway drift stripe.ndjson --url http://127.0.0.1:4242 --api-key sk_test_1

\b
Exit codes: 0 answered alike, 1 drift, 2 bad input, 3 nobody answers.
"""


@click.command("drift", epilog=_EPILOG)
@click.argument("recording", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--provider",
    metavar="NAME|FILE",
    callback=named,
    help="Which one is simulated; the recording knows its own.",
)
@click.option("--url", metavar="URL", help="Where it is served already, as `serve --print-env` prints it.")
@click.option("--api-key", metavar="KEY", help="The API key of the account that is served there.")
@click.option("--api-version", metavar="DATE", help="The version that the simulated account is kept at.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
def command(
    recording: Path,
    provider: str | None,
    url: str | None,
    api_key: str | None,
    api_version: str | None,
    form: str,
) -> int:
    """Play a recording again, and tell where the simulated provider answers otherwise.

    Compared are HTTP status, error codes, the type of the body, and its shape: which fields there are, and of
    which types. Values are not: ids, times, amounts and texts differ in life.
    """
    from badgateway.drift.recording import read_recording
    from badgateway.providers import DIALECTS

    if (url is None) != (api_key is None) or (url is not None and api_version is not None):
        raise InputError("--url and --api-key go together, and --api-version with neither")
    told = read_recording(recording)
    dialect = DIALECTS[provider or told.provider]
    settings = None
    if url is not None and api_key is not None:
        settings = {**dialect.settings("", api_key, ""), "url": url.rstrip("/"), "api_key": api_key}
    found = run_in_loop(_played(told, dialect.name, settings, api_version), loop="asyncio")
    if form == "json":
        sys.stdout.write(as_json(found))
    elif form == "markdown":
        sys.stdout.write(as_markdown(found))
    else:
        lines = as_lines(found)
        sys.stdout.write(lay_out(lines, width(sys.stdout), is_coloured=is_coloured(sys.stdout)))
    return 0 if found.is_same else _DRIFTED


async def _played(
    told: Recording, provider: str, settings: dict[str, str] | None, api_version: str | None
) -> Drift:
    from badgateway.drift.replay import replay, simulated

    if settings is not None:
        return await replay(told, provider, settings)
    async with simulated(provider, api_version) as own:
        return await replay(told, provider, own)
