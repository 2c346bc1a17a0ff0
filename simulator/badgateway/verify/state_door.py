"""Where Pact's verifier asks for provider states and messages: answered in time, and never with a 5xx."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from typing import Any

from badgateway.errors import BadGatewayError, InputError
from badgateway.faults.base import Effect
from badgateway.ground.message import Reply, Request
from badgateway.verify.scene import Scene

# Pact's verifier repeats a state call that is answered with 5xx, 408 or 429 for two minutes, and cannot be
# told not to (pact-reference, pull request 533). Any other 4xx fails at once.
REFUSED = 422
REACH_S_MAX = 15.0  # for one state; less than the verifier waits for an answer
STATES_PATH, MESSAGES_PATH = "/states", "/messages"
_METADATA = "Pact-Message-Metadata"


class StateDoor:
    """Implements `play.seam.Switchboard` for the verifier; keeps why a state was refused."""

    def __init__(self, scene: Scene, *, reach_s_max: float = REACH_S_MAX) -> None:
        self.refusals: dict[str, str] = {}  # state, as `key_of` writes it -> reason
        self.bug: Exception | None = None
        self.scene = scene
        self._reach_s_max = reach_s_max
        self._is_used = False  # the scene served an interaction that is over

    def arrive(self, request: Request) -> StateCall:
        """Take one call of the verifier."""
        return StateCall(self, request)

    async def answer(self, request: Request) -> Reply:
        """Do what is asked, and say how that went."""
        try:
            if request.path == MESSAGES_PATH:
                return self._message()
            return await self._state(json.loads(request.body))
        except Exception as error:  # noqa: BLE001 - a 500 would be repeated for minutes; whoever waits raises it
            self.bug = error
            return _refusal("badgateway: this is a bug of the state handler")

    async def _state(self, asked: Mapping[str, Any]) -> Reply:
        text, params = str(asked["state"]), dict(asked.get("params") or {})
        if asked["action"] != "setup":
            self._is_used = True
            return _given(params)
        try:
            return _given(await asyncio.wait_for(self._set_up(text, params), self._reach_s_max))
        except TimeoutError:
            problem = f"provider state: {text!r} was not reached within {self._reach_s_max:g} s"
        except (InputError, BadGatewayError) as error:
            problem = str(error)
        self.refusals[key_of(text, params)] = problem
        # The verifier gives this interaction up without tearing it down: its next call is about another one.
        self._is_used = True
        return _refusal(problem)

    async def _set_up(self, text: str, params: dict[str, Any]) -> Mapping[str, Any]:
        # Several states may belong to one interaction; the first one after a teardown begins the next.
        if self._is_used:
            await self.scene.renew()
            self._is_used = False
        return await self.scene.reach(text, params)

    def _message(self) -> Reply:
        """Give the webhook that the states had sent: its bytes, and what travels along."""
        parcel = self.scene.sent()
        if parcel is None:
            return _refusal("no provider state of this message says which webhook is sent")
        headers = dict(parcel.headers)
        told = base64.b64encode(json.dumps({"contentType": "application/json", **headers}).encode()).decode()
        return Reply(200, parcel.body, (("Content-Type", headers["Content-Type"]), (_METADATA, told)))


class StateCall:
    """Implements `play.seam.Exchange`: answered at the first gate, so that nothing is ever committed."""

    def __init__(self, door: StateDoor, request: Request) -> None:
        self._door, self._request = door, request

    async def admit(self) -> Effect | None:
        """Answer."""
        await asyncio.sleep(0)  # From its first wait on a call is a task, which a time-out has to be in.
        return Effect(await self._door.answer(self._request))

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


def _given(params: Mapping[str, Any]) -> Reply:
    # What is answered feeds the pact's ProviderState generators.
    return Reply(200, json.dumps(params).encode())


def _refusal(problem: str) -> Reply:
    return Reply(REFUSED, json.dumps({"error": problem}).encode())
