"""Pact verification: a service is held to its consumers' pacts, and the pacts to the service's document."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badgateway.contract.document import Contract
from badgateway.contract.overreach import Overreach
from badgateway.contract.pact import interactions_of
from badgateway.errors import EnvironmentProblem, InputError, Problem
from badgateway.ground.redact import redact
from badgateway.server.edge import Edge
from badgateway.verify.blame import blamed
from badgateway.verify.model import Verified
from badgateway.verify.scene import Scene
from badgateway.verify.state_door import MESSAGES_PATH, STATES_PATH, StateDoor, key_of
from badgateway.verify.tool import run_tool

TIMEOUT_S = 120.0  # for one pact, from the start of the verifier's process to its end
CALL_MS_MAX = 20_000  # for one answer of the provider, or of the state door
_TEXT_MAX = 300
_MEND = "give a file that Pact wrote: consumer, provider, and interactions or messages"


@dataclass(frozen=True, slots=True)
class Pact:
    """As much of a pact file as its verification needs."""

    path: Path
    consumer: str
    provider: str
    interactions: tuple[Mapping[str, Any], ...]


def read_pact(path: Path, *, is_distinct: bool = True) -> Pact:
    """Read a pact file of version 2, 3 or 4; raises InputError where it is none.

    `is_distinct`: no two interactions may have one description, which is how results are told apart.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        interactions = tuple(interactions_of(data))
        pact = Pact(path, data["consumer"]["name"], data["provider"]["name"], interactions)
        names = [interaction["description"] for interaction in pact.interactions]
    except OSError as error:
        raise InputError([Problem(str(path), 0, 0, error.strerror or str(error), "check the path")]) from None
    except json.JSONDecodeError as error:
        what = f"this is no pact, since it is no JSON: {error.msg}"
        raise InputError([Problem(str(path), error.lineno, error.colno, what, _MEND)]) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            [Problem(str(path), 0, 0, f"this is no pact: {type(error).__name__}: {error}", _MEND)]
        ) from None
    if is_distinct and len(set(names)) != len(names):
        raise InputError([Problem(str(path), 0, 0, "two interactions have one description")])
    return pact


async def hold_to_pact(
    pact: Pact, url: str, scene: Scene, contract: Contract | None = None, *, timeout_s: float = TIMEOUT_S
) -> tuple[Verified, ...]:
    """Hold a running service to one pact, and the pact to what the service's document promises.

    What the verifier passed over counts as failed. Raises EnvironmentProblem where the verifier cannot run.
    """
    if not pact.interactions:
        return (_failed(pact, "(the whole pact)", "the pact holds no interaction: nothing was verified"),)
    overreach = _overreach(pact, contract)
    door = StateDoor(scene)
    states = Edge(door)
    await states.start()
    try:
        results, problem = await _run_worker(pact, url, states, timeout_s)
    finally:
        await states.stop()
    if door.bug is not None:
        raise door.bug
    return tuple(_read_results(pact, results, door.refusals, problem, overreach))


def _overreach(pact: Pact, contract: Contract | None) -> Mapping[str, tuple[str, ...]]:
    if contract is None:
        return {}
    document = Overreach(contract)
    return {str(one["description"]): document.of(one) for one in pact.interactions}


async def _run_worker(
    pact: Pact, url: str, states: Edge, timeout_s: float
) -> tuple[Sequence[Mapping[str, Any]], str]:
    """Give the verifier's results by interaction, and why there may be fewer than the pact holds."""
    with tempfile.TemporaryDirectory(prefix="badgateway-pact-") as name:
        folder = Path(name)
        _write_request(folder, pact, url, states)
        arguments = ("badgateway.verify.pact_worker", "request.json", "result.json")
        ended = await run_tool(arguments, folder, timeout_s)
        if ended.exit_code is None:
            return (), f"Pact's verifier was not done within {timeout_s:g} s"
        if ended.exit_code != 0:
            raise EnvironmentProblem(
                f"Pact's verifier ended with exit code {ended.exit_code}: {ended.last_line}"
            )
        return _results_in(folder), "Pact's verifier passed this interaction over"


def _write_request(folder: Path, pact: Pact, url: str, states: Edge) -> None:
    asked = {
        "provider": pact.provider,
        "host": "127.0.0.1",
        "url": url,
        "source": str(pact.path.resolve()),
        "state_url": f"{states.url}{STATES_PATH}",
        "messages": {"port": states.port, "path": MESSAGES_PATH} if _has_messages(pact) else None,
        "timeout_ms": CALL_MS_MAX,
    }
    (folder / "request.json").write_text(json.dumps(asked), encoding="utf-8")


def _results_in(folder: Path) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = json.loads((folder / "result.json").read_text(encoding="utf-8"))[
        "interactionResults"
    ]
    return found


def _has_messages(pact: Pact) -> bool:
    return any(str(one.get("type")).startswith("Asynchronous") for one in pact.interactions)


def _read_results(
    pact: Pact,
    results: Sequence[Mapping[str, Any]],
    refusals: Mapping[str, str],
    missing: str,
    overreach: Mapping[str, tuple[str, ...]],
) -> Iterator[Verified]:
    found = {result["description"]: result for result in results}
    for interaction in pact.interactions:
        name = str(interaction["description"])
        more = overreach.get(name, ())
        refusal = next((refusals[key] for key in _states(interaction) if key in refusals), None)
        result = found.get(name)
        if refusal is not None and (result is None or _is_untried(result)):
            yield _failed(pact, name, refusal, more)
        elif result is None:
            yield _failed(pact, name, missing, more)
        else:
            is_ok = result["result"] == "OK"
            wrong = () if is_ok else tuple(sorted(set(mismatches(result.get("mismatch") or {}))))
            culprit = blamed(pact.consumer, pact.provider, is_kept=is_ok, overreach=more)
            sides = pact.consumer, pact.provider
            yield Verified(*sides, name, culprit is None, wrong, culprit, more)


def _is_untried(result: Mapping[str, Any]) -> bool:
    """Say whether something else than the answer was the trouble, such as a state that was refused."""
    return result["result"] != "OK" and (result.get("mismatch") or {}).get("type") != "mismatches"


def _failed(pact: Pact, name: str, why: str, overreach: tuple[str, ...] = ()) -> Verified:
    culprit = pact.consumer if overreach else None
    return Verified(pact.consumer, pact.provider, name, False, (why,), culprit, overreach)


def _states(interaction: Mapping[str, Any]) -> Iterator[str]:
    for state in interaction.get("providerStates") or ():
        yield key_of(str(state["name"]), dict(state.get("params") or {}))


def mismatches(mismatch: Mapping[str, Any]) -> Iterator[str]:
    """Give a sentence for each thing that was not as expected, in the verifier's words."""
    if mismatch.get("type") != "mismatches":
        yield redact(str(mismatch.get("message") or "no reason was given"))[:_TEXT_MAX]
        return
    for one in mismatch["mismatches"]:
        place = one.get("path") or one.get("key") or one.get("parameter") or ""
        text = one.get("mismatch") or f"expected {one.get('expected')}, answered {one.get('actual')}"
        yield redact(f"{place}: {text}" if place else str(text))[:_TEXT_MAX]
