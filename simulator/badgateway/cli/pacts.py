"""`badgateway pacts`: pacts and verification results, to a Pact broker and from it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from badgateway.cli.output import is_coloured, width
from badgateway.cli.verify_reports import KINDS, as_json, as_markdown, write
from badgateway.cli.verify_table import details, table
from badgateway.errors import InputError
from badgateway.report.line import lay_out
from badgateway.server.loops import run as run_in_loop

if TYPE_CHECKING:
    from badgateway.verify.broker import Broker
    from badgateway.verify.tried import Tried

Command = TypeVar("Command", bound=Callable[..., Any])
_EPILOG = """\b
Examples:
  badgateway pacts publish pacts/shop-stripe.json --consumer-version 4f2a91c --branch main
  badgateway pacts verify stripe --main-branch --publish 4f2a91c --branch main
  badgateway pacts fetch stripe --to pacts
  badgateway pacts can-i-deploy --pacticipant shop --version 4f2a91c --to-environment production

\b
The broker is PACT_BROKER_BASE_URL, or --broker-base-url; credentials are PACT_BROKER_TOKEN, or
PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD. They are never printed, and stand on no command line of ours.
Left to Pact's own command line (pact broker ...): environments, deployments, releases, webhooks, branches.
"""
_BROKEN = 1
_CREDENTIALS = ("-k", "--broker-token", "-p", "--broker-password", "-u", "--broker-username")
_FROM = "PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD"


@click.group("pacts", epilog=_EPILOG)
def command() -> None:
    """Publish pacts to a broker, fetch and verify what it has, and ask it what may be deployed.

    Pacts are verified with Pact's own library, which publishes the results; for all else, Pact's command line
    is run: pip install pact-python-cli, or npm install @pact-foundation/pact-cli.
    """


def at_broker(target: Command) -> Command:
    """Add the options that say where the broker is; credentials come from the environment alone."""
    return click.option(
        "--broker-base-url", "url", metavar="URL", help="The broker; else PACT_BROKER_BASE_URL."
    )(target)


@command.command("publish")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--consumer-version", "version", required=True, metavar="VERSION", help="Of the consumer.")
@click.option("--branch", metavar="NAME", help="The consumer's branch that the version is of.")
@click.option("--tag", "tags", multiple=True, metavar="NAME", help="Tag the version; may be repeated.")
@at_broker
def publish(
    files: tuple[Path, ...], version: str, branch: str | None, tags: tuple[str, ...], url: str | None
) -> int:
    """Publish pact files, or all of a folder, as what a version of their consumer needs."""
    from badgateway.verify.pacts import read_pact

    found = [one for path in files for one in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    # A broker takes any JSON; what is no pact, or an empty one, would only be noticed by others.
    empty = [one for one in found if not read_pact(one, is_distinct=False).interactions]
    if empty or not found:
        raise InputError(f"{(empty or files)[0]}: there is no pact with interactions")
    words = ["publish", f"--consumer-app-version={version}"]
    words += [f"--branch={branch}"] if branch is not None else []
    words += [f"--tag={tag}" for tag in tags]
    with tempfile.TemporaryDirectory(prefix="badgateway-pacts-") as folder:
        # The program takes patterns, in which some characters of a path would mean something else.
        for n, one in enumerate(found):
            words.append(shutil.copy(one, f"{folder}/{n}.json"))
        return _passed_on(_broker(url), words)


@command.command("fetch")
@click.argument("provider")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("pacts"),
    show_default=True,
    help="Folder of the files.",
)
@click.option("--consumer", metavar="NAME", help="Only this consumer's.")
@click.option("--branch", metavar="NAME", help="Of this branch; else of each consumer's main branch.")
@at_broker
def fetch(provider: str, folder: Path, consumer: str | None, branch: str | None, url: str | None) -> int:
    """Write the newest pacts that a broker has for a provider to files, for `badgateway verify --pact`."""
    words = ["get-pacts", f"--provider={provider}", "--latest", "--download", f"--download-dir={folder}"]
    words += [f"--consumer={consumer}"] if consumer is not None else []
    words += [f"--branch={branch}"] if branch is not None else []
    return _passed_on(_broker(url), words)


@command.command("can-i-deploy", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
@at_broker
def can_i_deploy(words: tuple[str, ...], url: str | None) -> int:
    """Ask the broker what may be deployed.

    All words go to Pact's command line as they are (see: pact broker can-i-deploy --help), and its exit code
    comes back: 0 it may, 1 it may not.
    """
    if any(word.partition("=")[0] in _CREDENTIALS for word in words):
        raise InputError(f"credentials stand in the environment, not among the words: {_FROM}")
    return _passed_on(_broker(url), ["can-i-deploy", *words])


@command.command("verify")
@click.argument("provider")
@click.option("--as", "dialect", metavar="NAME", help="The simulated provider, where it is called otherwise.")
@click.option("--consumer-branch", "branches", multiple=True, metavar="NAME", help="Pacts of this branch.")
@click.option("--consumer-tag", "consumer_tags", multiple=True, metavar="NAME", help="Pacts of this tag.")
@click.option("--main-branch", is_flag=True, help="Pacts of the consumers' main branches.")
@click.option("--deployed-or-released", is_flag=True, help="Pacts of what is deployed or released.")
@click.option("--pending", is_flag=True, help="Also those that were never kept yet; they fail nothing.")
@click.option("--publish", "version", metavar="VERSION", help="Publish the results, as this version's.")
@click.option("--branch", metavar="NAME", help="The provider's branch.")
@click.option("--tag", "tags", multiple=True, metavar="NAME", help="Tag the provider's version.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--report", "reports", multiple=True, type=click.Choice(KINDS), help="Also write this.")
@click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("badgateway-report"),
    show_default=True,
    help="Folder of the reports.",
)
@at_broker
def verify(provider: str, url: str | None, **options: Any) -> int:
    """Hold a simulated provider to the pacts that a broker has for it.

    Without a choice, the newest pact of each consumer. With --publish, the broker learns the results.
    """
    from badgateway.verify.broker_pacts import verify_from_broker
    from badgateway.verify.tool import need_contracts

    need_contracts(("pact",))
    asked = _asked(provider, options)
    again = f"badgateway pacts verify {provider}"
    rows = run_in_loop(verify_from_broker(_broker(url), asked, options["dialect"], again), loop="asyncio")
    if options["form"] == "json":
        sys.stdout.write(as_json(rows))
    else:
        lines = [*(line for row in rows for line in details(row)), *table(rows)]
        sys.stdout.write(lay_out(lines, width(sys.stdout), is_coloured=is_coloured(sys.stdout)))
    _report(rows, options)
    return 0 if all(row.is_well for row in rows) else _BROKEN


def _asked(provider: str, options: dict[str, Any]) -> Any:
    from badgateway.verify.broker_pacts import Asked

    if options["version"] is None and options["tags"]:
        raise InputError("--tag is about the version whose results are published: give --publish as well")
    selectors: list[dict[str, Any]] = [{"branch": one, "latest": True} for one in options["branches"]]
    selectors += [{"tag": one, "latest": True} for one in options["consumer_tags"]]
    selectors += [{"main_branch": True}] if options["main_branch"] else []
    selectors += [{"deployed_or_released": True}] if options["deployed_or_released"] else []
    return Asked(
        provider,
        tuple(selectors or [{"latest": True}]),
        options["pending"],
        options["version"],
        options["branch"],
        options["tags"],
    )


def _broker(url: str | None) -> Broker:
    from badgateway.verify.broker import broker_from

    return broker_from(url)


def _passed_on(broker: Broker, words: Sequence[str]) -> int:
    """Run a broker command, and say what it said."""
    from badgateway.verify.broker import tell

    said = tell(broker, words)
    sys.stdout.write(said.out)
    sys.stderr.write(said.err)
    return said.exit_code


def _report(rows: Sequence[Tried], options: dict[str, Any]) -> None:
    for kind in dict.fromkeys(options["reports"]):
        click.echo(f"{kind}: {write(kind, options['report_dir'], rows)}", err=True)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(as_markdown(rows))
