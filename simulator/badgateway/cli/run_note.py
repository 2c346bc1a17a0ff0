"""What is noted beside the journals of a run: how it was called, and the verdicts of the day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from badgateway import __version__
from badgateway.errors import InputError, Problem
from badgateway.report.case import Case
from badgateway.verdict.model import BROKEN

FILE = "run.json"
CaseName = tuple[str, int, int]  # scenario, case, seed


@dataclass(frozen=True, slots=True)
class Judgement:
    """A case's state, and the laws that it broke."""

    state: str
    broken: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.state} ({', '.join(self.broken)})" if self.broken else self.state


@dataclass(frozen=True, slots=True)
class Note:
    """The words that named the integration, and each case's judgement in the order of the plans."""

    version: str
    words: tuple[str, ...]
    verdicts: dict[CaseName, Judgement]


def judgements(cases: Sequence[Case]) -> dict[CaseName, Judgement]:
    """Give what each case came to."""
    return {
        (case.verdict.scenario, case.verdict.case, case.verdict.seed): Judgement(
            case.verdict.state, tuple(row.invariant for row in case.verdict.rows if row.state == BROKEN)
        )
        for case in cases
    }


def write_note(folder: Path, words: Sequence[str], cases: Sequence[Case]) -> None:
    """Write the note; a run that played nothing leaves none."""
    if not folder.is_dir():
        return
    verdicts = [
        {"scenario": scenario, "case": case, "seed": seed, "state": one.state, "broken": one.broken}
        for (scenario, case, seed), one in judgements(cases).items()
    ]
    text = json.dumps({"badgateway": __version__, "words": list(words), "verdicts": verdicts}, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_note(folder: Path) -> Note | None:
    """Read the note of a run, or None where there is none; raises InputError where it is damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        verdicts = {
            (one["scenario"], one["case"], one["seed"]): Judgement(one["state"], tuple(one["broken"]))
            for one in said["verdicts"]
        }
        return Note(said["badgateway"], tuple(said["words"]), verdicts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = Problem(path.as_posix(), 1, 1, f"this is no note of a run: {error}", "delete it")
        raise InputError([problem]) from error
