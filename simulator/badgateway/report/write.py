"""Reports as files of a folder: what each kind is called, and who renders it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from badgateway.errors import EnvironmentProblem
from badgateway.report import github, html, json, junit, markdown, ndjson
from badgateway.report.case import Case

KINDS = ("html", "junit", "json", "markdown", "ndjson", "github")
Write = Callable[[Path, Sequence[Case], float], Path]


def write_report(kind: str, folder: Path, cases: Sequence[Case], real_ms: float = 0) -> Path:
    """Write one kind of report and give where; raises EnvironmentProblem where the folder refuses it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _WRITERS[kind](folder, cases, real_ms)
    except OSError as error:
        raise EnvironmentProblem(
            f"the report {kind} cannot be written to {folder}: {error.strerror}"
        ) from error


def journal_name(case: Case) -> str:
    """Name a case's journal after its scenario, case and seed."""
    verdict = case.verdict
    path = verdict.scenario.removesuffix(".yaml").removesuffix(".yml")
    words = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in path).strip("-")
    return f"{words}-case{verdict.case}-seed{verdict.seed}.ndjson"


def _junit(folder: Path, cases: Sequence[Case], _: float) -> Path:
    return _text(folder / "junit.xml", junit.render(cases))


def _html(folder: Path, cases: Sequence[Case], real_ms: float) -> Path:
    return _text(folder / "report.html", html.render(cases, real_ms))


def _json(folder: Path, cases: Sequence[Case], real_ms: float) -> Path:
    return _text(folder / "report.json", json.render(cases, real_ms))


def _markdown(folder: Path, cases: Sequence[Case], real_ms: float) -> Path:
    return _text(folder / "summary.md", markdown.render(cases, real_ms))


def _github(folder: Path, cases: Sequence[Case], _: float) -> Path:
    return _text(folder / "annotations.txt", github.render(cases))


def _ndjson(folder: Path, cases: Sequence[Case], _: float) -> Path:
    journals = folder / "journals"
    journals.mkdir(exist_ok=True)
    for case in cases:
        _text(journals / journal_name(case), ndjson.render(case))
    return journals


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    return path


_WRITERS: dict[str, Write] = {
    "html": _html,
    "junit": _junit,
    "json": _json,
    "markdown": _markdown,
    "ndjson": _ndjson,
    "github": _github,
}
