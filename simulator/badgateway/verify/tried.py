"""What was verified at one boundary with one tool: the rows of the table that `verify` ends with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from badgateway.verify.model import Fuzzing, Verified

PACT, SCHEMATHESIS = "pact", "schemathesis"
TOOLS = (PACT, SCHEMATHESIS)
KEPT, BROKEN, UNTRIED = "kept", "broken", "not tried"


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise that was not kept, or could not be tried."""

    about: str  # an interaction, or an operation
    broken_by: str | None  # None: nobody; it could not be tried
    told: tuple[str, ...]  # one sentence each
    check: str | None = None  # of Schemathesis
    curl: str | None = None  # sends the request again


@dataclass(frozen=True, slots=True)
class Tried:
    """One row: a tool, who was held to what, and how much of it was tried."""

    boundary: str
    tool: str
    party: str  # whose promises were tried
    subject: str  # name of the pact's or the document's file
    names: tuple[str, ...] = ()  # of all interactions or operations, findings or not
    cases: int = 0  # requests; for a pact, its interactions
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()  # what kept the tool from trying all of it
    seed: int | None = None
    again: str = ""  # a command that does it again
    real_ms: float = 0.0
    faults: int | None = None  # calls to the provider that went wrong meanwhile; None: none was to

    @property
    def state(self) -> str:
        """Say how it went, in a word of the table."""
        if any(one.broken_by is not None for one in self.findings):
            return BROKEN
        return UNTRIED if self.findings or self.problems or not self.names else KEPT

    @property
    def is_well(self) -> bool:
        """Say whether it fails no run."""
        return self.state == KEPT

    @property
    def amount(self) -> str:
        """Say how much was tried."""
        if self.tool == PACT:
            return _count(len(self.names), "interaction")
        faults = f", {_count(self.faults, 'fault')}" if self.faults is not None else ""
        return f"{_count(len(self.names), 'operation')}, {self.cases:,} cases{faults}"


def of_pact(boundary: str, pact: str, rows: Iterable[Verified], again: str, real_ms: float) -> Tried:
    """Give the row of one pact by its file's name; its interactions are all there, verified or not."""
    rows = tuple(rows)
    return Tried(
        boundary,
        PACT,
        rows[0].provider,
        pact,
        tuple(row.description for row in rows),
        len(rows),
        tuple(_finding(row) for row in rows if not row.is_ok),
        again=again,
        real_ms=real_ms,
    )


def of_fuzzing(boundary: str, found: Fuzzing, again: str, real_ms: float) -> Tried:
    """Give the row of one document with one seed."""
    findings = tuple(
        Finding(row.operation, found.party, (failure.message,), failure.check, failure.curl)
        for row in found.operations
        for failure in row.failures
    )
    untried = tuple(f"{row.operation} was not tried" for row in found.operations if row.cases == 0)
    return Tried(
        boundary,
        SCHEMATHESIS,
        found.party,
        found.document,
        tuple(row.operation for row in found.operations),
        sum(row.cases for row in found.operations),
        findings,
        (*found.problems, *untried),
        found.seed,
        again,
        real_ms,
        found.faults,
    )


def _finding(row: Verified) -> Finding:
    return Finding(row.description, row.broken_by, (*row.overreach, *row.mismatches))


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
