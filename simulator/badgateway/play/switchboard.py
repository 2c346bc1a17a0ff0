"""All worlds behind one edge: which one a request belongs to, and what answers one that belongs to none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from badgateway.ground.message import Request
from badgateway.play.exchange import Call
from badgateway.play.world import World
from badgateway.providers import DIALECTS
from badgateway.providers.base import Dialect, Parsed

WORLDS_MAX = 10_000


@dataclass(slots=True)
class Worlds:
    """Implements `play.seam.Switchboard`."""

    limbo: World  # answers what belongs to no world
    current: dict[str, World] = field(default_factory=dict)  # API key -> the world that is being played
    closed: list[World] = field(default_factory=list)  # still answer for what they own

    def open(self, world: World) -> None:
        """Let a world receive what comes with its API key."""
        self.current[world.account.api_key] = world

    def close(self, world: World) -> None:
        """End a world's play; late requests for its objects are still answered from its book."""
        world.is_free = True
        self.current.pop(world.account.api_key, None)
        self.closed.append(world)
        del self.closed[:-WORLDS_MAX]
        for call in list(world.gates.calls):
            call.let_in()
            call.let_out()

    def arrive(self, request: Request) -> Call:
        """Find the world of a request: by a provider's object id or our order reference, then by API key."""
        dialect, request = _dialect(request)
        parsed = dialect.parse(request)
        ids = (parsed.payment_id, parsed.refund_id, *parsed.other_ids)
        world = self._owner(parsed, ids)
        if world is None:
            self._stray(request, "neither its API key nor anything it names belongs to a play")
        return Call(world or self.limbo, request, parsed)

    def _owner(self, parsed: Parsed, ids: tuple[str | None, ...]) -> World | None:
        by_key = self.current.get(parsed.credential or "")
        if by_key is not None and (by_key.knows(ids, parsed.hints) or not self.closed):
            return by_key
        for world in (*self.current.values(), *reversed(self.closed)):
            if world.account.api_key == parsed.credential and world.knows(ids, parsed.hints):
                return world
        return by_key

    def _stray(self, request: Request, reason: str) -> None:
        """Tell every play that is on: something was asked that none of them can account for."""
        for world in self.current.values():
            world.journal.write("run.stray", path=request.path, method=request.method, reason=reason)


def _dialect(request: Request) -> tuple[Dialect, Request]:
    """Find the dialect by its name as path prefix; without one it is the first of the catalogue."""
    head, _, rest = request.path.lstrip("/").partition("/")
    if head in DIALECTS:
        return DIALECTS[head], replace(request, path=f"/{rest}")
    return next(iter(DIALECTS)), request
