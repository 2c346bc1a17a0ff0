"""Where Pact's verifier asks for provider states: it is answered at once, and never with a 5xx."""

from __future__ import annotations

import json
from typing import Any

from badgateway.errors import InputError
from badgateway.faults.base import Effect
from badgateway.ground.message import Reply, Request
from badgateway.verify.simulator import Simulator

# Pact's verifier repeats a state call that is answered with 5xx, 408 or 429 for two minutes, and cannot be
# told not to (pact-reference, pull request 533). Any other 4xx fails at once.
REFUSED = 422


class StateDoor:
    """Implements `play.seam.Switchboard` for state calls; keeps why a state was refused."""

    def __init__(self, simulator: Simulator) -> None:
        self.refusals: dict[str, str] = {}  # state, as `key_of` writes it -> reason
        self.bug: Exception | None = None
        self.simulator = simulator
        self._is_used = False  # the world served an interaction that is over

    def arrive(self, request: Request) -> StateCall:
        """Take one call of the verifier."""
        return StateCall(self, request)

    def answer(self, request: Request) -> Reply:
        """Set a state up, or tear it down, and say how that went."""
        try:
            asked = json.loads(request.body)
            text, params = str(asked["state"]), dict(asked.get("params") or {})
            if asked["action"] == "setup":
                self._set_up(text, params)
            else:
                self._is_used = True
            # What is answered feeds the pact's ProviderState generators.
            return Reply(200, json.dumps(params).encode())
        except InputError as problem:
            self.refusals[key_of(text, params)] = str(problem)
            return Reply(REFUSED, json.dumps({"error": str(problem)}).encode())
        except Exception as error:  # noqa: BLE001 - a 500 would be repeated for minutes; whoever waits raises it
            self.bug = error
            return Reply(REFUSED, b'{"error": "badgateway: this is a bug of the state handler"}')

    def _set_up(self, text: str, params: dict[str, Any]) -> None:
        # Several states may belong to one interaction; the first one after a teardown begins the next.
        if self._is_used:
            self.simulator.renew()
            self._is_used = False
        self.simulator.reach(text, params)


class StateCall:
    """Implements `play.seam.Exchange`: answered at the first gate, so that nothing is ever committed."""

    def __init__(self, door: StateDoor, request: Request) -> None:
        self._door, self._request = door, request

    async def admit(self) -> Effect | None:
        """Answer."""
        return Effect(self._door.answer(self._request))

    def commit(self) -> Reply:
        """Never asked: the first gate has answered."""
        raise AssertionError("a state call was answered at the first gate")

    async def release(self, reply: Reply) -> Effect:
        """Never asked, as above."""
        return Effect(reply)

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:
        """Nothing is left to do."""


def key_of(text: str, params: dict[str, Any]) -> str:
    """Give one name to a state with its parameters."""
    return f"{text} {json.dumps(params, sort_keys=True)}"
