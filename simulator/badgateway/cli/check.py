"""`badgateway check`: every problem of scenario files and configuration at once, without playing."""

from __future__ import annotations

import json
from pathlib import Path

import click

from badgateway.cli.selection import Selection, story_files
from badgateway.cli.target import CONFIG
from badgateway.errors import InputError, Problem

_EPILOG = """\b
Examples:
  badgateway check
  badgateway check scenarios/retries badgateway.yaml
  badgateway check --format json
"""


@click.command("check", epilog=_EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(paths: tuple[str, ...], form: str) -> int:
    """Check scenario files and configuration without playing them.

    PATHS are scenario files, folders of them, and files called badgateway.yaml; without any, ./scenarios
    (else the scenarios that badgateway brings along) and ./badgateway.yaml.
    """
    configurations = [Path(path) for path in paths if Path(path).name == CONFIG.name]
    stories = [path for path in paths if Path(path).name != CONFIG.name]
    if not paths and CONFIG.is_file():
        configurations = [CONFIG]
    problems: list[Problem] = []
    for configuration in configurations:
        problems += _configuration(configuration)
    checked = 0
    if stories or not paths:
        for path in story_files(Selection(tuple(stories))):
            found, count = _story(path)
            problems += found
            checked += count
    return _tell(problems, checked, len(configurations), form)


def _configuration(path: Path) -> list[Problem]:
    from badgateway.integration.read import read_description

    try:
        read_description(path)
    except InputError as error:
        return list(error.problems)
    return []


def _story(path: Path) -> tuple[list[Problem], int]:
    """Load and compile one file, so that every name in it is resolved; also say how many stories it has."""
    from badgateway.plan.compile import compile_scenario
    from badgateway.scenario.load import load_scenarios

    try:
        stories = load_scenarios((str(path),))
    except InputError as error:
        return list(error.problems), 0
    problems: list[Problem] = []
    for story in stories:
        try:
            compile_scenario(story, 1)
        except InputError as error:
            problems += error.problems
    return problems, len(stories)


def _tell(problems: list[Problem], stories: int, configurations: int, form: str) -> int:
    if form == "json":
        rows = [
            {
                "file": found.file,
                "line": found.line,
                "column": found.column,
                "what": found.what,
                "mend": found.mend,
            }
            for found in sorted(problems)
        ]
        click.echo(json.dumps({"problems": rows, "scenarios": stories}, indent=2))
    if problems:
        if form == "text":
            raise InputError(problems)
        return InputError.exit_code
    if form == "text":
        more = f", {configurations} configuration" if configurations else ""
        click.echo(f"{stories} scenarios{more}: no problems")
    return 0
