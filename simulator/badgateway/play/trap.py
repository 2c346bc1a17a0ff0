"""The trap: an address that only a forged webhook names, so that whoever asks it has believed a stranger."""

from __future__ import annotations

from badgateway.faults.base import Effect
from badgateway.ground.canary import TRAP
from badgateway.ground.message import Reply, Request
from badgateway.integration.watch import OUTBOUND
from badgateway.play.world import World

STRANGER = "whsec_of_somebody_else"  # what an attacker signs with, nobody's secret


def is_for_trap(request: Request) -> bool:
    """Say whether a request walks into a trap."""
    return request.path.startswith(TRAP)


def is_trap_of(world: World, request: Request) -> bool:
    """Say whether it is the trap of this world."""
    return request.path == world.canaries.trap


class Caught:
    """A request to the trap; implements `play.seam.Exchange`, and is given what an attacker would give."""

    def __init__(self, world: World, request: Request) -> None:
        world.watch.look(OUTBOUND, request.path, world)

    async def admit(self) -> Effect | None:
        """Wait for nothing."""
        return None

    def commit(self) -> Reply:
        """Hand out the attacker's own key, so that what he signed can be found genuine."""
        return Reply(200, STRANGER.encode(), (("content-type", "text/plain"),))

    async def release(self, reply: Reply) -> Effect:
        """Send it as it is."""
        return Effect(reply)

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:
        """Remember nothing."""
