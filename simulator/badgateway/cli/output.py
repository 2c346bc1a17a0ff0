"""How a run is told: options of several commands, colours, widths, and who writes what where."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from badgateway.report import github, markdown
from badgateway.report.case import Case
from badgateway.report.write import KINDS, write_report

Command = TypeVar("Command", bound=Callable[..., Any])
PLAIN_WIDTH = 100  # columns where the output is no terminal


@dataclass(frozen=True, slots=True)
class Output:
    """What was asked for on the command line."""

    form: str = "text"  # text | json | ndjson
    reports: tuple[str, ...] = ()
    folder: Path = Path("badgateway-report")
    is_quiet: bool = False


def telling(command: Command) -> Command:
    """Add --format, --report, --report-dir and --quiet."""
    for option in (
        click.option("--quiet", "-q", is_flag=True, help="Tell only what is not held, and the summary."),
        click.option(
            "--report-dir",
            type=click.Path(file_okay=False, path_type=Path),
            default=Path("badgateway-report"),
            show_default=True,
            help="Folder of the reports.",
        ),
        click.option(
            "--report",
            "reports",
            multiple=True,
            type=click.Choice(KINDS),
            help="Also write this; may be repeated.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(["text", "json", "ndjson"]),
            default="text",
            show_default=True,
            help="What stdout carries; ndjson is the journals.",
        ),
    ):
        command = option(command)
    return command


def is_coloured(stream: TextIO) -> bool:
    """Say whether a stream gets colours: NO_COLOR and FORCE_COLOR are obeyed, else a terminal gets them."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def width(stream: TextIO) -> int:
    """Give the columns to write for: the terminal's, or a fixed number where there is none."""
    return max(60, shutil.get_terminal_size().columns) if stream.isatty() else PLAIN_WIDTH


def write_reports(output: Output, cases: Sequence[Case], real_ms: float) -> None:
    """Write the reports that were asked for, and what GitHub Actions shows where it runs us."""
    for kind in dict.fromkeys(output.reports):
        path = write_report(kind, output.folder, cases, real_ms)
        if not output.is_quiet:
            click.echo(f"{kind}: {path}", err=True)
    if os.environ.get("GITHUB_ACTIONS"):
        # The runner reads commands from both streams; stdout stays data.
        sys.stderr.write(github.render(cases))
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(markdown.render(cases, real_ms))
