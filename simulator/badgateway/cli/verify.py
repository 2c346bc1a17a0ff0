"""`badgateway verify`: the contracts at each boundary, and who keeps them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from badgateway.cli.output import is_coloured, width
from badgateway.cli.target import Target, embedded, find
from badgateway.cli.verify_reports import KINDS, as_json, as_markdown, write
from badgateway.cli.verify_table import details, table
from badgateway.errors import InputError
from badgateway.report.line import Line, lay_out
from badgateway.server.loops import run as run_in_loop
from badgateway.verify.model import BOUNDARIES
from badgateway.verify.tried import PACT, SCHEMATHESIS, TOOLS, Tried

if TYPE_CHECKING:
    from badgateway.verify.verification import Held, Wanted

_EPILOG = """\b
Examples:
  badgateway verify
  badgateway verify internal
  badgateway verify provider --tool schemathesis --seeds 10
  badgateway verify merchant --config badgateway.yaml --report junit
  badgateway verify merchant --seed 7 --settings schemathesis.toml
  badgateway verify provider --pact pacts/shop-stripe.json
  badgateway verify --pact shop-stripe.json --against stripe.openapi.yaml
"""
_BROKEN = 1
_LONG_S = 600.0  # thousands of requests: half a minute on a quiet machine
# What only means something where something is started.
_ONLINE = (
    ("boundary", "the boundary"),
    ("tool", "--tool"),
    ("seed", "--seed"),
    ("seeds", "--seeds"),
    ("examples", "--examples"),
    ("settings", "--settings"),
    ("config", "--config"),
    ("defect", "--defect"),
    ("under_faults", "--under-faults"),
)
_OURS = ("internal", "provider")  # where it is a simulated side that is held


@click.command("verify", epilog=_EPILOG)
@click.argument("boundary", type=click.Choice([*BOUNDARIES, "all"]), default="all")
@click.option("--tool", type=click.Choice(TOOLS), help="Only what this tool verifies.")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the generated requests."
)
@click.option("--seeds", type=click.IntRange(1, 1000), default=1, metavar="N", help="So many from there on.")
@click.option(
    "--examples", type=click.IntRange(1, 10_000), metavar="N", help="Generated requests for each operation."
)
@click.option(
    "--settings",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A schemathesis.toml whose settings come on top of ours.",
)
@click.option(
    "--config", metavar="FILE", help="The badgateway.yaml, or the word reference for the embedded one."
)
@click.option("--defect", metavar="ID", help="Plant this bug in the embedded reference integration.")
@click.option(
    "--pact",
    "pacts",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Compare this pact with a document, offline; or hold its simulated provider to it. May be repeated.",
)
@click.option(
    "--against",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The OpenAPI 3.1 document that the pacts are compared with.",
)
@click.option("--under-faults", is_flag=True, help="The merchant boundary, while the provider misbehaves.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--report", "reports", multiple=True, type=click.Choice(KINDS), help="Also write this; may be repeated."
)
@click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("badgateway-report"),
    show_default=True,
    help="Folder of the reports.",
)
@click.option("--quiet", "-q", is_flag=True, help="Tell only what was not kept, and the table.")
def command(boundary: str, tool: str | None, config: str | None, defect: str | None, **options: Any) -> int:
    """Hold integration and simulated providers to their contracts.

    At the merchant boundary, the integration of badgateway.yaml (or the embedded reference) is held to
    the pacts of its consumers and to its OpenAPI document; at the internal boundary, the simulated
    orchestrator is (Euler), and at the provider boundary the simulated providers, webhooks included. A
    pact that asks for more than the document promises is its consumer's fault.
    With --pact and --against nothing is started: each interaction is compared with the document, both ways.
    """
    from badgateway.verify.tool import need_contracts
    from badgateway.verify.verification import verify

    is_held = boundary in _OURS and options["pacts"] and options["against"] is None
    if (options["pacts"] or options["against"] is not None) and not is_held:
        return _told(_compared(options["pacts"], options["against"]), options)
    if options["under_faults"] and (boundary != "merchant" or tool == "pact"):
        raise InputError("--under-faults goes with the merchant boundary, and with generated requests alone")
    need_contracts()
    wanted = _wanted(boundary, tool, config, defect, options)
    rows = run_in_loop(verify(wanted, lambda row: None if options["quiet"] else _talk(row)), loop="asyncio")
    if not rows:
        raise InputError(f"at the boundary {boundary!r} there is nothing that {tool or 'a tool'} verifies")
    return _told(rows, options)


def _told(rows: Sequence[Tried], options: dict[str, Any]) -> int:
    """Print and write all rows, and give the exit code."""
    if options["form"] == "json":
        sys.stdout.write(as_json(rows))
    else:
        _print([*(line for row in rows for line in details(row)), *table(rows)])
    _report(rows, options)
    return 0 if all(row.is_well for row in rows) else _BROKEN


def _compared(pacts: Sequence[Path], against: Path | None) -> list[Tried]:
    """Compare pacts with a document; raises InputError for files and options that cannot be taken."""
    from badgateway.verify.comparison import compare
    from badgateway.verify.tool import need_contracts

    if not pacts or against is None:
        raise InputError(
            "--pact FILE goes with --against DOCUMENT, or with the boundary internal or provider"
        )
    context = click.get_current_context()
    given = [
        word for name, word in _ONLINE if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise InputError(f"--pact compares files and starts nothing: leave {', '.join(given)} out")
    need_contracts(("jsonschema_rs",))
    return [compare(pact, against) for pact in pacts]


def _wanted(
    boundary: str, tool: str | None, config: str | None, defect: str | None, options: dict[str, Any]
) -> Wanted:
    from badgateway.verify.fuzz import Effort
    from badgateway.verify.settings import read_settings
    from badgateway.verify.verification import Wanted

    settings = read_settings(options["settings"]) if options["settings"] is not None else {}
    efforts = [
        Effort(seed, options["examples"] or Effort().examples_max, _LONG_S, settings)
        for seed in range(options["seed"], options["seed"] + options["seeds"])
    ]
    boundaries = BOUNDARIES if boundary == "all" else (boundary,)
    target = None
    if "merchant" in boundaries:
        target = find(config, defect, is_quiet=options["quiet"])
        if boundary == "all" and not _has_contracts(target):
            click.echo(
                "badgateway.yaml names no contracts: the embedded reference is held to its own", err=True
            )
            target = embedded(is_named=True)
    return Wanted(
        boundaries,
        tuple(efforts),
        _tools(tool, options),
        _held(target) if target is not None else None,
        options["pacts"],
        options["under_faults"],
    )


def _tools(tool: str | None, options: dict[str, Any]) -> tuple[str, ...]:
    if options["under_faults"]:
        return (SCHEMATHESIS,)
    if options["pacts"]:
        if tool == SCHEMATHESIS:
            raise InputError("--pact is verified with Pact: leave --tool out")
        return (PACT,)
    return (tool,) if tool else TOOLS


def _has_contracts(target: Target) -> bool:
    contracts = target.description.contracts
    return target.is_embedded or contracts.document is not None or bool(contracts.pacts)


def _held(target: Target) -> Held:
    """Give whom the merchant boundary is about, with its document and pacts."""
    from badgateway.verify.boundaries import merchant_document, pacts_at
    from badgateway.verify.merchant_pacts import pact_files
    from badgateway.verify.verification import Held

    words = "".join(f" {word}" for word in target.words)
    described = target.description
    if target.is_embedded:
        return Held(described, merchant_document(), pacts_at("merchant"), target.extra_arguments, words)
    if not _has_contracts(target):
        raise InputError(
            "badgateway.yaml names no contracts of the merchant boundary: give it "
            "`contracts: {document: openapi.yaml, pacts: [pacts]}`"
        )
    folder, said = Path(described.folder), described.contracts
    document = folder / said.document if said.document is not None else None
    return Held(described, document, pact_files(said.pacts, folder), target.extra_arguments, words)


def _talk(row: Tried) -> None:
    click.echo(f"{row.boundary}: {row.tool}, {row.subject}: {row.state}", err=True)


def _print(lines: Iterable[Line]) -> None:
    sys.stdout.write(lay_out(lines, width(sys.stdout), is_coloured=is_coloured(sys.stdout)))
    sys.stdout.flush()


def _report(rows: Sequence[Tried], options: dict[str, Any]) -> None:
    for kind in dict.fromkeys(options["reports"]):
        path = write(kind, options["report_dir"], rows)
        if not options["quiet"]:
            click.echo(f"{kind}: {path}", err=True)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(as_markdown(rows))
