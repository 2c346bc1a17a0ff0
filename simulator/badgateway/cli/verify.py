"""`badgateway verify`: the contracts at each boundary, and who keeps them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator

import click

from badgateway.cli.output import is_coloured, width
from badgateway.cli.target import embedded
from badgateway.errors import InputError
from badgateway.report.line import Line, lay_out
from badgateway.verify.model import BOUNDARIES, Fuzzing, Verified

_EPILOG = """\b
Examples:
  badgateway verify
  badgateway verify provider
  badgateway verify provider --tool schemathesis
  badgateway verify merchant --seed 7
"""
TOOLS = ("pact", "schemathesis")
_BROKEN = 1
_LONG_S = 600.0  # thousands of requests: half a minute on a quiet machine
_INDENT = " " * 12


@click.command("verify", epilog=_EPILOG)
@click.argument("boundary", type=click.Choice([*BOUNDARIES, "all"]), default="all")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the generated requests."
)
@click.option("--tool", type=click.Choice(TOOLS), help="Only what this tool verifies.")
@click.option("--defect", metavar="ID", help="Plant this bug in the embedded reference integration.")
def command(boundary: str, seed: int, tool: str | None, defect: str | None) -> int:
    """Hold integration and simulated providers to their contracts.

    At the provider boundary, pacts are verified against the simulated providers, and Schemathesis holds each
    of them to its own OpenAPI document; at the merchant boundary, Schemathesis holds the embedded reference
    integration to its document.
    """
    from badgateway.verify.tool import need_contracts

    if boundary == "internal":
        raise InputError(
            "the boundary 'internal' is known, but not verified yet; choose merchant, provider or all"
        )
    need_contracts()
    told = []
    if boundary in {"provider", "all"}:
        told += [_pacts()] if tool != "schemathesis" else []
        told += _dialects(seed) if tool != "pact" else []
    if boundary in {"merchant", "all"} and tool != "pact":
        told.append(_merchant(seed, defect))
    if boundary == "all":
        _print([Line("internal  ", "known, but not verified yet", "doubt")])
    if not told:
        raise InputError(f"at the boundary {boundary!r} there is nothing that {tool} verifies")
    return 0 if all(told) else _BROKEN


def _pacts() -> bool:
    from badgateway.verify.boundaries import pacts_at
    from badgateway.verify.provider_pacts import verify_pact

    rows = tuple(row for path in pacts_at("provider") for row in asyncio.run(verify_pact(path)))
    _print(_pact_lines(rows))
    return bool(rows) and all(row.is_ok for row in rows)


def _dialects(seed: int) -> list[bool]:
    from badgateway.verify.dialects import provider_documents, verify_dialect
    from badgateway.verify.fuzz import Effort

    kept = []
    for document in provider_documents():
        found = asyncio.run(verify_dialect(document, Effort(seed=seed, timeout_s=_LONG_S)))
        _print(_fuzzing_lines(found, "provider", " --tool schemathesis"))
        kept.append(found.is_ok)
    return kept


def _merchant(seed: int, defect: str | None) -> bool:
    from badgateway.verify.boundaries import merchant_document, verify_merchant
    from badgateway.verify.fuzz import Effort

    target = embedded(defect)
    trial = verify_merchant(
        target.description, merchant_document(), Effort(seed=seed), target.extra_arguments
    )
    found = asyncio.run(trial)
    _print(_fuzzing_lines(found, "merchant", f" --defect {defect}" if defect else ""))
    return found.is_ok


def _print(lines: Iterable[Line]) -> None:
    sys.stdout.write(lay_out(lines, width(sys.stdout), is_coloured=is_coloured(sys.stdout)))
    sys.stdout.flush()


def _pact_lines(rows: tuple[Verified, ...]) -> Iterator[Line]:
    kept = sum(row.is_ok for row in rows)
    yield Line("provider  ", f"Pact: {kept} of {len(rows)} interactions verified", "strong")
    for row in rows:
        yield _row(row.is_ok, f"{row.consumer} → {row.provider}: {row.description}")
        if row.broken_by is not None:
            yield Line(_INDENT, f"{row.broken_by} broke its promise to {row.consumer}", style="bad")
        for mismatch in row.mismatches:
            yield Line(_INDENT, mismatch)


def _fuzzing_lines(found: Fuzzing, boundary: str, again: str) -> Iterator[Line]:
    cases = sum(row.cases for row in found.operations)
    told = f"Schemathesis: {cases} cases over {len(found.operations)} operations, seed {found.seed}"
    yield Line(f"{boundary}  ", told, "strong")
    for row in found.operations:
        yield _row(row.is_ok, f"{found.party}: {row.operation}, {row.cases} cases")
        for failure in row.failures:
            yield Line(_INDENT, f"{found.party} broke {found.document}, {failure.check}", style="bad")
            yield Line(_INDENT, failure.message)
            yield Line(_INDENT, failure.curl, is_whole=True)
    for problem in found.problems:
        yield Line("  not tried ", problem, "doubt")
    if not found.is_ok:
        yield Line("  ", f"Reproduce: badgateway verify {boundary} --seed {found.seed}{again}", is_whole=True)


def _row(is_ok: bool, text: str) -> Line:
    return Line("  kept      " if is_ok else "  broken    ", text, "good" if is_ok else "bad")
