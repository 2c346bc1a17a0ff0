"""What the edge asks of the play: find a request's world, wait at gates, commit, be told what left."""

from __future__ import annotations

import asyncio
from typing import Protocol, runtime_checkable

from badgateway.faults.base import Effect
from badgateway.ground.ability import Ability
from badgateway.ground.message import Reply, Request


class Exchange(Protocol):
    """One call of an integration to a provider, from its arrival to its answer.

    It may be carried by no task before its first wait: what needs one (a time-out, a client) waits first.
    """

    async def admit(self) -> Effect | None:
        """Wait at the first gate; an effect means that a fault answers and nothing is committed."""

    def commit(self) -> Reply:
        """Let the provider do it, and give its true answer. Never waits."""

    async def release(self, reply: Reply) -> Effect:
        """Wait at the second gate; the effect is the answer itself, or what a fault makes of it."""

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:
        """Say what was handed to the transport; also called when the other side left early."""


@runtime_checkable
class Lingering(Protocol, metaclass=Ability):
    """An exchange that may be ended from inside, while an effect keeps it waiting."""

    def carried_by(self, carrier: asyncio.Task[object]) -> None:
        """Know the task that carries out an effect which takes its time."""


class Switchboard(Protocol):
    """All worlds behind one edge."""

    def arrive(self, request: Request) -> Exchange:
        """Find the world of a request and journal its arrival. Pure routing, never waits."""
