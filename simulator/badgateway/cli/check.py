"""`badgateway check`: every problem of scenario files and configuration at once, without playing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from badgateway.cli.own_providers import PROVIDER_SUFFIX, declare_here
from badgateway.cli.selection import Selection
from badgateway.cli.selection import paths as paths_of
from badgateway.cli.target import CONFIG
from badgateway.errors import InputError, NothingSelected, Problem

_EPILOG = """\b
Examples:
  badgateway check
  badgateway check scenarios/retries badgateway.yaml
  badgateway check acme.provider.yaml
  badgateway check --format json
"""


@click.command("check", epilog=_EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(paths: tuple[str, ...], form: str) -> int:
    """Check scenario files and configuration without playing them.

    PATHS are scenario files, folders of them, files called badgateway.yaml, and providers declared in files
    called NAME.provider.yaml; without any, ./scenarios (else the scenarios that badgateway brings along) and
    ./badgateway.yaml.
    """
    configurations = [Path(path) for path in paths if Path(path).name == CONFIG.name]
    declared = [Path(path) for path in paths if path.endswith(PROVIDER_SUFFIX)]
    others = {CONFIG.name, *(path.name for path in declared)}
    stories = [path for path in paths if Path(path).name not in others]
    if not paths and CONFIG.is_file():
        configurations = [CONFIG]
    problems = [problem for path in configurations for problem in _configuration(path)]
    problems += [problem for path in declared for problem in _provider(path)]
    if not configurations:
        declare_here()
    found, checked = _stories(tuple(stories)) if stories or not paths else ([], 0)
    counts = {"scenario": checked, "configuration": len(configurations), "provider": len(declared)}
    return _tell([*problems, *found], counts, form)


def _configuration(path: Path) -> list[Problem]:
    from badgateway.cli.own_providers import declare_all
    from badgateway.integration.read import read_description

    try:
        declare_all(read_description(path))
    except InputError as error:
        return list(error.problems)
    return []


def _provider(path: Path) -> list[Problem]:
    from badgateway.providers.declared.read import read_spec

    try:
        read_spec(path)
    except InputError as error:
        return list(error.problems)
    return []


def _stories(named: tuple[str, ...]) -> tuple[list[Problem], int]:
    """Read and compile every story, so that every name in it is resolved; also say how many there are."""
    from badgateway.plan.compile import compile_scenario
    from badgateway.scenario.load import read_scenarios

    stories, problems = read_scenarios(paths_of(Selection(named)))
    for story in stories:
        try:
            compile_scenario(story, 1)
        except InputError as error:
            problems += error.problems
    if not stories and not problems:
        raise NothingSelected("there is no scenario to check")
    return problems, len(stories)


def _tell(problems: list[Problem], counts: Mapping[str, int], form: str) -> int:
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
        click.echo(json.dumps({"problems": rows, "scenarios": counts["scenario"]}, indent=2))
    if problems:
        if form == "text":
            raise InputError(problems)
        return InputError.exit_code
    if form == "text":
        checked = [_count(number, what) for what, number in counts.items() if number]
        click.echo(f"{', '.join(checked) or _count(0, 'scenario')}: no problems")
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
