"""Every exception of badgateway.

BadGatewayError
├── InputError            your input: scenario, configuration or command line; exit code 2
│   └── UnknownWord       a name that is in no catalogue; carries the nearest valid one
├── NothingSelected       the filters match no scenario; exit code 5
└── EnvironmentProblem    the integration or the machine: unreachable, busy port, missing extra; exit code 3
    └── IntegrationDown   the integration did not start, died, or never became ready

A broken invariant is never an exception: it is a finding, a value of the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with an input: where (line and column from 1; 0: unknown), what, and how to mend it."""

    file: str
    line: int
    column: int
    what: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.what}" + (f" ({self.mend})" if self.mend else "")


class BadGatewayError(Exception):
    """Root of everything badgateway raises on purpose."""

    exit_code = 70


class InputError(BadGatewayError):
    """Report all problems of one or more inputs at once."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = [Problem("command line", 0, 0, problems)]
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownWord(InputError):
    """A name that is in no catalogue."""

    def __init__(self, kind: str, word: str, known: Iterable[str]) -> None:
        self.word = word
        super().__init__(f"unknown {kind} {word!r}{nearest(word, known)}")


class NothingSelected(BadGatewayError):
    """The filters match no scenario."""

    exit_code = 5


class EnvironmentProblem(BadGatewayError):
    """The machine or the integration cannot do what the run needs."""

    exit_code = 3


class IntegrationDown(EnvironmentProblem):
    """The integration did not start, died, or never became ready."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known word is nearest, or list the known words; empty where there are none."""
    words = sorted(known)
    close = get_close_matches(str(word), words, n=1, cutoff=0.55)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(words)}" if words else ""
