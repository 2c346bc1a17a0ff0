"""What every report is made of: one played case with its verdict and its journal."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from badgateway.journal.entry import Entry
from badgateway.verdict.model import Verdict


class Case(Protocol):
    """One case of one scenario, played and judged."""

    @property
    def verdict(self) -> Verdict:
        """What its journal means."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The journal, in order."""

    @property
    def journal_path(self) -> Path | None:
        """Where the journal was kept, if it was."""

    @property
    def real_ms(self) -> float:
        """How long the play took."""


def case_name(verdict: Verdict) -> str:
    """Name a case inside its scenario: number, seed and the values of its matrix."""
    number = f"case {verdict.case} of {verdict.cases}" if verdict.cases > 1 else f"case {verdict.case}"
    values = ", ".join(f"{key}={value}" for key, value in verdict.matrix.items())
    return f"{number}, seed {verdict.seed}" + (f" ({values})" if values else "")
