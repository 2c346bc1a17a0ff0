"""Schemathesis: generated requests hold a running service to its OpenAPI document.

It runs through its command line, in a process and a folder of its own: its engine has no public interface.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from badgateway.errors import EnvironmentProblem, InputError, Problem
from badgateway.verify.findings import read_events
from badgateway.verify.model import Fuzzing
from badgateway.verify.settings import as_toml, merged
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
    timeout_s: float = 600.0  # Stripe's document takes 40 s of two cores of its own
    settings: Mapping[str, Any] = field(default_factory=dict)  # a user's own, over ours


@dataclass(frozen=True, slots=True)
class Terms:
    """What a document cannot say about its service, and the tool has to know.

    `signed` names operations that want a signature: what the tool sends there may be refused. Where `refuses`
    is true, any operation may answer 400 to what its document allows, as with forms whose ids have to exist.
    `passed_over` names checks that the service does not want to keep.
    """

    signed: tuple[str, ...] = ()
    refuses: bool = False
    passed_over: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_stateful: bool = False
    answers_within_ms: int | None = None  # else a promise is broken


NO_TERMS = Terms()


async def fuzz(document: Path, url: str, *, party: str, effort: Effort, terms: Terms = NO_TERMS) -> Fuzzing:
    """Try every operation of a document on a running service.

    Raises InputError where the document cannot be read, EnvironmentProblem where the tool does not run.
    """
    with tempfile.TemporaryDirectory(prefix="badgateway-fuzz-") as name:
        folder = Path(name)
        _prepare(folder, document, effort, terms)
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


def settings_text(effort: Effort, terms: Terms) -> str:
    """Give the tool's configuration: nothing is cached, and nothing is left to chance but the seed."""
    accepting = [*_ACCEPTING, "400"] if terms.refuses else list(_ACCEPTING)
    ours: dict[str, Any] = {
        "seed": effort.seed,
        "workers": 1,
        "continue-on-failure": True,
        "headers": dict(terms.headers),
        "cache": {"enabled": False},
        "generation": {"max-examples": effort.examples_max, "database": "none"},
        "phases": {"stateful": {"enabled": terms.is_stateful}},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": accepting},
            **{check: {"enabled": False} for check in terms.passed_over},
            **_deadline(terms),
        },
        "operations": [
            {
                "include-name": operation,
                "checks": {"positive_data_acceptance": {"expected-statuses": list(_REFUSING)}},
            }
            for operation in terms.signed
        ],
    }
    return as_toml(merged(ours, effort.settings))


def _deadline(terms: Terms) -> dict[str, float]:
    return {} if terms.answers_within_ms is None else {"max_response_time": terms.answers_within_ms / 1000}


def _prepare(folder: Path, document: Path, effort: Effort, terms: Terms) -> None:
    if not document.is_file():
        raise InputError([Problem(str(document), 0, 0, "there is no such OpenAPI document")])
    (folder / _CONFIG).write_text(settings_text(effort, terms), encoding="utf-8")


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
