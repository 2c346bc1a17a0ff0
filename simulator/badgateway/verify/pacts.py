"""Pact verification: a simulated provider is held to what its consumers' pacts say of the real one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badgateway.errors import EnvironmentProblem, InputError, Problem
from badgateway.ground.redact import redact
from badgateway.providers import DIALECTS
from badgateway.server.edge import Edge
from badgateway.verify.model import Verified
from badgateway.verify.simulator import Simulator
from badgateway.verify.state_door import StateDoor, key_of
from badgateway.verify.tool import run_tool

TIMEOUT_S = 60.0  # for one pact, from the start of the verifier's process to its end
_CALL_MS_MAX = 5_000  # for one answer of the provider
_TEXT_MAX = 300


@dataclass(frozen=True, slots=True)
class Pact:
    """As much of a pact file as its verification needs."""

    path: Path
    consumer: str
    provider: str
    interactions: tuple[Mapping[str, Any], ...]


def read_pact(path: Path) -> Pact:
    """Read a pact file; raises InputError where it is none or names a provider that nobody plays."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        pact = Pact(
            path, data["consumer"]["name"], data["provider"]["name"], tuple(data.get("interactions") or ())
        )
        names = [interaction["description"] for interaction in pact.interactions]
    except OSError as error:
        raise InputError([Problem(str(path), 0, 0, error.strerror or str(error))]) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            [Problem(str(path), 0, 0, f"this is no pact of version 4: {type(error).__name__}: {error}")]
        ) from None
    if pact.provider not in DIALECTS:
        known = ", ".join(DIALECTS.names())
        raise InputError(
            [Problem(str(path), 0, 0, f"the provider {pact.provider!r} is not simulated; known: {known}")]
        )
    if len(set(names)) != len(names):
        raise InputError([Problem(str(path), 0, 0, "two interactions have one description")])
    return pact


async def verify_pact(path: Path, *, timeout_s: float = TIMEOUT_S) -> tuple[Verified, ...]:
    """Hold the simulated provider to one pact; what the verifier passed over counts as failed.

    Raises InputError for a file that is no pact, EnvironmentProblem where the verifier cannot run.
    """
    pact = read_pact(path)
    if not pact.interactions:
        return (_failed(pact, "(the whole pact)", "the pact holds no interaction: nothing was verified"),)
    async with Simulator(pact.provider) as simulator:
        door = StateDoor(simulator)
        states = Edge(door)
        await states.start()
        try:
            results, problem = await _run_worker(pact, simulator.url, states.url, timeout_s)
        finally:
            await states.stop()
    if door.bug is not None:
        raise door.bug
    return tuple(_read_results(pact, results, door.refusals, problem))


async def _run_worker(
    pact: Pact, url: str, state_url: str, timeout_s: float
) -> tuple[Sequence[Mapping[str, Any]], str]:
    """Give the verifier's results by interaction, and why there may be fewer than the pact holds."""
    with tempfile.TemporaryDirectory(prefix="badgateway-pact-") as name:
        folder = Path(name)
        _write_request(folder, pact, url, state_url)
        arguments = ("badgateway.verify.pact_worker", "request.json", "result.json")
        ended = await run_tool(arguments, folder, timeout_s)
        if ended.exit_code is None:
            return (), f"Pact's verifier was not done within {timeout_s:g} s"
        if ended.exit_code != 0:
            raise EnvironmentProblem(
                f"Pact's verifier ended with exit code {ended.exit_code}: {ended.last_line}"
            )
        return _results_in(folder), "Pact's verifier passed this interaction over"


def _write_request(folder: Path, pact: Pact, url: str, state_url: str) -> None:
    asked = {
        "provider": pact.provider,
        "host": "127.0.0.1",
        "url": url,
        "source": str(pact.path.resolve()),
        "state_url": f"{state_url}/states",
        "timeout_ms": _CALL_MS_MAX,
    }
    (folder / "request.json").write_text(json.dumps(asked), encoding="utf-8")


def _results_in(folder: Path) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = json.loads((folder / "result.json").read_text(encoding="utf-8"))[
        "interactionResults"
    ]
    return found


def _read_results(
    pact: Pact, results: Sequence[Mapping[str, Any]], refusals: Mapping[str, str], missing: str
) -> Iterator[Verified]:
    found = {result["description"]: result for result in results}
    for interaction in pact.interactions:
        name = str(interaction["description"])
        refusal = next((refusals[key] for key in _states(interaction) if key in refusals), None)
        result = found.get(name)
        if refusal is not None:
            yield _failed(pact, name, refusal)
        elif result is None:
            yield _failed(pact, name, missing)
        elif result["result"] == "OK":
            yield Verified(pact.consumer, pact.provider, name, is_ok=True)
        else:
            wrong = tuple(sorted(set(_mismatches(result.get("mismatch") or {}))))
            yield Verified(pact.consumer, pact.provider, name, False, wrong, broken_by=pact.provider)


def _failed(pact: Pact, name: str, why: str) -> Verified:
    return Verified(pact.consumer, pact.provider, name, is_ok=False, mismatches=(why,))


def _states(interaction: Mapping[str, Any]) -> Iterator[str]:
    for state in interaction.get("providerStates") or ():
        yield key_of(str(state["name"]), dict(state.get("params") or {}))


def _mismatches(mismatch: Mapping[str, Any]) -> Iterator[str]:
    if mismatch.get("type") != "mismatches":
        yield redact(str(mismatch.get("message") or "no reason was given"))[:_TEXT_MAX]
        return
    for one in mismatch["mismatches"]:
        place = one.get("path") or one.get("key") or one.get("parameter") or ""
        text = one.get("mismatch") or f"expected {one.get('expected')}, answered {one.get('actual')}"
        yield redact(f"{place}: {text}" if place else str(text))[:_TEXT_MAX]
