"""A simulated provider held to the pacts that a broker has for it; the results may be published there."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from badgateway.errors import EnvironmentProblem, InputError
from badgateway.ground.clock import monotonic_ms
from badgateway.ground.redact import redact
from badgateway.providers import DIALECTS
from badgateway.server.edge import Edge
from badgateway.verify.blame import blamed
from badgateway.verify.broker import Broker
from badgateway.verify.model import Verified
from badgateway.verify.pacts import CALL_MS_MAX, TIMEOUT_S, mismatches
from badgateway.verify.provider_pacts import WEBHOOK_SECRET
from badgateway.verify.scene import ProviderScene
from badgateway.verify.simulator import Simulator
from badgateway.verify.state_door import MESSAGES_PATH, STATES_PATH, StateDoor
from badgateway.verify.tool import run_tool
from badgateway.verify.tried import PACT, Tried, of_pact

BOUNDARY = "provider"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which pacts are asked for, and as whose results theirs are published; without a version, nowhere."""

    provider: str  # as the broker knows it
    consumer_versions: tuple[Mapping[str, Any], ...] = ()  # selectors, in pact-python's words
    is_with_pending: bool = False
    version: str | None = None
    branch: str | None = None
    tags: tuple[str, ...] = ()


async def verify_from_broker(
    broker: Broker, asked: Asked, dialect: str | None = None, again: str = "", *, timeout_s: float = TIMEOUT_S
) -> tuple[Tried, ...]:
    """Hold a simulated provider to what a broker has for it: a row for each consumer.

    `dialect` says which one it is, where the broker calls it otherwise. Whose fault a difference is, is told
    from the pact alone: against a document, a fetched pact is compared. Raises InputError where nobody plays
    the provider, EnvironmentProblem where the verifier cannot run.
    """
    name = dialect or asked.provider
    if name not in DIALECTS:
        known = ", ".join(DIALECTS.names())
        raise InputError(f"the provider {name!r} is not simulated; known: {known}")
    since = monotonic_ms()
    async with Simulator(name, WEBHOOK_SECRET) as simulator:
        door = StateDoor(ProviderScene(simulator))
        async with Edge(door) as states:
            results = await _run_worker(broker, asked, simulator.url, states, timeout_s)
    if door.bug is not None:
        raise door.bug
    found: dict[str, list[Verified]] = {}
    for one in results["interactionResults"]:
        row = _row(one, asked.provider, door.refusals)
        found.setdefault(row.consumer, []).append(row)
    took_ms = monotonic_ms() - since
    if not found:
        return (_untried(asked.provider, results, broker, again, took_ms),)
    return tuple(
        of_pact(BOUNDARY, f"{consumer}, from the broker", rows, again, took_ms)
        for consumer, rows in sorted(found.items())
    )


async def _run_worker(
    broker: Broker, asked: Asked, url: str, states: Edge, timeout_s: float
) -> Mapping[str, Any]:
    request = {
        "provider": asked.provider,
        "host": "127.0.0.1",
        "url": url,
        "broker": asdict(asked),
        "state_url": f"{states.url}{STATES_PATH}",
        "messages": {"port": states.port, "path": MESSAGES_PATH},
        "timeout_ms": CALL_MS_MAX,
    }
    with tempfile.TemporaryDirectory(prefix="badgateway-broker-") as name:
        folder = Path(name)
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        arguments = ("badgateway.verify.pact_worker", "request.json", "result.json")
        ended = await run_tool(arguments, folder, timeout_s, broker.environment())
        if ended.exit_code is None:
            raise EnvironmentProblem(f"Pact's verifier was not done within {timeout_s:g} s")
        if ended.exit_code != 0:
            said = redact(ended.last_line, broker.secrets)
            raise EnvironmentProblem(f"Pact's verifier ended with exit code {ended.exit_code}: {said}")
        found: Mapping[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return found


def _row(result: Mapping[str, Any], provider: str, refusals: Mapping[str, str]) -> Verified:
    consumer, told = str(result["consumer"]), str(result["description"])
    if result["result"] == "OK":
        return Verified(consumer, provider, told, is_ok=True)
    wrong = tuple(sorted(set(mismatches(result.get("mismatch") or {}))))
    if result.get("pending"):
        # A pending pact is a wish that was never kept yet: it is told, and fails nobody's build.
        return Verified(consumer, provider, f"{told} (pending)", is_ok=True, mismatches=wrong)
    if (result.get("mismatch") or {}).get("type") != "mismatches":
        return Verified(consumer, provider, told, is_ok=False, mismatches=_reasons(result, refusals) or wrong)
    whose = blamed(consumer, provider, is_kept=False, overreach=())
    return Verified(consumer, provider, told, is_ok=False, mismatches=wrong, broken_by=whose)


def _reasons(result: Mapping[str, Any], refusals: Mapping[str, str]) -> tuple[str, ...]:
    """Give why the states of an interaction were refused."""
    return tuple(dict.fromkeys(_refused(result.get("providerStates") or (), refusals)))


def _refused(states: Sequence[Any], refusals: Mapping[str, str]) -> Iterator[str]:
    for state in states:
        name = str(state["name"] if isinstance(state, Mapping) else state)
        yield from (why for key, why in refusals.items() if key.startswith(f"{name} "))


def _untried(provider: str, results: Mapping[str, Any], broker: Broker, again: str, took_ms: float) -> Tried:
    """Give the row of a verification in which nothing was verified, which Pact itself calls a success."""
    told = [redact(_message(one), broker.secrets) for one in results["errors"]]
    why = "; ".join(told) or f"the broker has no such pact for {provider}: nothing was verified"
    return Tried(BOUNDARY, PACT, provider, "the broker", problems=(why,), again=again, real_ms=took_ms)


def _message(error: Mapping[str, Any]) -> str:
    return str((error.get("mismatch") or {}).get("message") or error)
