"""Schemathesis: generated requests hold a running service to its OpenAPI document.

It runs through its command line, in a process and a folder of its own: its engine has no public interface.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from badgateway.errors import EnvironmentProblem, InputError, Problem
from badgateway.verify.findings import read_events
from badgateway.verify.model import Fuzzing
from badgateway.verify.tool import run_tool

_CONFIG, _EVENTS = "schemathesis.toml", "events.ndjson"

# A request that fits the document may still be declined (402) or be impossible as things stand (409, 422),
# and nobody can know which orders exist (404). Schemathesis itself takes 402 and 422 for a broken promise.
_ACCEPTING = ("2xx", "3xx", "402", "404", "409", "422", "429", "5xx")
# What signs a request cannot be said in OpenAPI, so an unsigned one may be refused.
_REFUSING = (*_ACCEPTING, "400", "401", "403")


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try; the same seed sends the same requests."""

    seed: int = 1
    examples_max: int = (
        5  # generated requests for each operation and mode, beside examples and boundary values
    )
    timeout_s: float = 120.0


async def fuzz(
    document: Path, url: str, *, party: str, effort: Effort, signed: Sequence[str] = ()
) -> Fuzzing:
    """Try every operation of a document on a running service; `signed` are operations that want a signature.

    Raises InputError where the document cannot be read, EnvironmentProblem where the tool does not run.
    """
    with tempfile.TemporaryDirectory(prefix="badgateway-fuzz-") as name:
        folder = Path(name)
        _prepare(folder, document, effort, signed)
        ended = await run_tool(_arguments(document, url), folder, effort.timeout_s)
        events = _events_in(folder)
    if ended.exit_code is None:
        events = (*events, json.dumps({"FatalError": {"exception": {"message": _late(effort.timeout_s)}}}))
    elif not events or ended.exit_code not in {0, 1, 2}:
        raise EnvironmentProblem(f"Schemathesis ended with exit code {ended.exit_code}: {ended.last_line}")
    found = read_events(events)
    if found.unreadable is not None and ended.exit_code is not None:
        raise InputError([Problem(str(document), 0, 0, found.unreadable)])
    problems = found.problems if found.unreadable is None else (found.unreadable, *found.problems)
    return Fuzzing(document.name, party, effort.seed, found.operations, problems)


def settings_text(effort: Effort, signed: Sequence[str]) -> str:
    """Give the tool's configuration: nothing is cached, and nothing is left to chance but the seed."""
    text = f"""\
seed = {effort.seed}
workers = 1
continue-on-failure = true
[cache]
enabled = false
[generation]
max-examples = {effort.examples_max}
database = "none"
[phases.stateful]
enabled = false
[checks]
positive_data_acceptance.expected-statuses = {json.dumps(_ACCEPTING)}
"""
    for operation in signed:
        text += f"""\
[[operations]]
include-name = {json.dumps(operation)}
[operations.checks]
positive_data_acceptance.expected-statuses = {json.dumps(_REFUSING)}
"""
    return text


def _prepare(folder: Path, document: Path, effort: Effort, signed: Sequence[str]) -> None:
    if not document.is_file():
        raise InputError([Problem(str(document), 0, 0, "there is no such OpenAPI document")])
    (folder / _CONFIG).write_text(settings_text(effort, signed), encoding="utf-8")


def _arguments(document: Path, url: str) -> tuple[str, ...]:
    source = str(document.resolve())
    run = ("schemathesis.cli", "--config-file", _CONFIG, "--no-color", "run", source, "--url", url)
    return (*run, "--report", "ndjson", "--report-ndjson-path", _EVENTS)


def _events_in(folder: Path) -> tuple[str, ...]:
    path = folder / _EVENTS
    # Split at line ends alone: generated text may hold other characters that Python takes for such.
    return tuple(path.read_text(encoding="utf-8").split("\n")) if path.is_file() else ()


def _late(timeout_s: float) -> str:
    return f"Schemathesis was not done within {timeout_s:g} s"
