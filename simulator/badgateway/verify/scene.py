"""What a pact is verified against: a service that can be put into the states that a pact asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from badgateway.verify.simulator import Simulator
from badgateway.webhooks.deliver import Parcel


class Scene(Protocol):
    """One service during a verification; each interaction begins in a scene that knows nothing."""

    async def renew(self) -> None:
        """Forget what earlier interactions have left."""

    async def reach(self, text: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Bring a state about, and give what a pact's generators may name; raises InputError with why not."""

    def sent(self) -> Parcel | None:
        """Give the webhook that a state had sent, or None."""


@dataclass(slots=True)
class ProviderScene:
    """A simulated provider; its states are steps of its book."""

    simulator: Simulator

    async def renew(self) -> None:
        """Forget the world."""
        self.simulator.renew()

    async def reach(self, text: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out the steps of a state; its own parameters are all that generators may name."""
        self.simulator.reach(text, dict(params))
        return params

    def sent(self) -> Parcel | None:
        """Give the webhook that was asked for, as it would go out."""
        return self.simulator.parcel
