"""A recorded interaction tried at once: what its states bring about, to be held against what was recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from badgateway.errors import InputError
from badgateway.ground.message import Headers, Request
from badgateway.verify.provider_pacts import WEBHOOK_SECRET
from badgateway.verify.simulator import Simulator

# Of a webhook: what every message has, and credentials, which no pact holds.
_NOT_ASKED_FOR = ("content-type", "user-agent", "content-length", "authorization")


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of an interaction."""

    status: int
    body: Any
    stands: str | None  # the payment then, in a neutral word
    headers: Headers = ()  # of a webhook: the provider's own, a signature above all


class Rehearsal:
    """A simulated provider that nobody is connected to; every interaction finds a fresh world."""

    def __init__(self, provider: str) -> None:
        self._simulator = Simulator(provider, WEBHOOK_SECRET)

    def call(self, interaction: Mapping[str, Any]) -> Shown:
        """Ask what an interaction asks; raises InputError where a state cannot be reached."""
        self._reach(interaction)
        asked = interaction["request"]
        headers = tuple((name, value) for name, values in asked["headers"].items() for value in values)
        body = asked.get("body", {}).get("content", "")
        sent = body if isinstance(body, str) else json.dumps(body)
        query = urlencode(asked.get("query") or {}, doseq=True)
        reply = self._simulator.answer(Request(asked["method"], asked["path"], query, headers, sent.encode()))
        told = json.loads(reply.body) if reply.body else None
        return Shown(reply.status, told, self._simulator.stands)

    def message(self, interaction: Mapping[str, Any]) -> Shown:
        """Have the webhook of a message made; raises InputError where a state cannot be reached."""
        self._reach(interaction)
        parcel = self._simulator.parcel
        if parcel is None:
            raise InputError("no state of it says which webhook is sent")
        own = tuple(pair for pair in parcel.headers if pair[0].lower() not in _NOT_ASKED_FOR)
        return Shown(0, json.loads(parcel.body), self._simulator.stands, own)

    def _reach(self, interaction: Mapping[str, Any]) -> None:
        self._simulator.renew()
        for state in interaction["providerStates"]:
            self._simulator.reach(state["name"], dict(state["params"]))
