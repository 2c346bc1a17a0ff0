"""All worlds behind one edge: which one a request belongs to, and what answers one that belongs to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from badgateway.ground.canary import TRAP
from badgateway.ground.ids import Ids, new_nonce
from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.play import collector, handing_out, prompting, sink
from badgateway.play.account import Account
from badgateway.play.collector import Export, is_for_collector
from badgateway.play.exchange import READS, Call
from badgateway.play.handing_out import Handout, is_for_reports
from badgateway.play.prompting import Prompt, is_for_prompting
from badgateway.play.seam import Exchange
from badgateway.play.shared import shared
from badgateway.play.sink import Arrival, is_for_sink, is_told_in
from badgateway.play.trap import Caught, is_for_trap, is_trap_of
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Dialect, Parsed

WORLDS_MAX = 10_000
# What paths begin with that may lead to ourselves, not to a provider.
_OURS = (sink.PREFIX, TRAP, collector.PREFIX, handing_out.PREFIX, prompting.PREFIX)


@dataclass(slots=True)
class Worlds:
    """Implements `play.seam.Switchboard`."""

    limbo: World  # answers what belongs to no world
    current: list[World] = field(default_factory=list)  # are being played, several with one key side by side
    limbos: dict[str, World] = field(default_factory=dict)  # of further dialects, by their names
    closed: list[World] = field(default_factory=list)  # still answer for what they own

    def open(self, world: World) -> None:
        """Let a world receive what comes with its API key, as far as it is its own."""
        if world not in self.current:
            self.current.append(world)

    def close(self, world: World) -> None:
        """End a world's play; late requests for its objects are still answered from its book."""
        world.is_free = True
        self.current.remove(world)
        self.closed.append(world)
        del self.closed[:-WORLDS_MAX]
        for call in list(world.gates.calls):
            call.let_go()

    def arrive(self, request: Request, by: str | None = None) -> Exchange:
        """Find the world of a request: by a provider's object id or our order reference, then by API key.

        `by`: the orchestrator that calls; None: the integration.
        """
        if request.path.startswith(_OURS) and (ours := self._for_us(request)) is not None:
            return ours
        dialect, request = self._dialect(request)
        parsed = dialect.parse(request)
        near: Sequence[World] = ()
        limbo = None
        only = self.current[0] if len(self.current) == 1 and not self.closed else None
        account = only.account_with(parsed.credential, dialect) if only and not parsed.is_open else None
        if only and account is not None:
            world = only
        else:
            near, limbo = self._near(parsed, dialect), self._limbo_of(dialect)
            world = self._owner(request, parsed, near, limbo)
        if world.watch.planted:
            world.watch.look("URL", f"{request.path}?{request.query}", world)
        call = Call(world, request, parsed, dialect, by, account)
        if world is limbo and near:
            call.account = self._account_of(near, parsed, world)
        return call

    def refuse(self, host: str) -> None:
        """Tell the plays that the integration asked for a host that is not simulated."""
        for world in self.current:
            world.journal.write("run.refused", host=host)

    def _for_us(self, request: Request) -> Exchange | None:
        """Give what answers a request that is for no provider; None: it is for one all the same."""
        if is_for_sink(request):
            return self._effect(request)
        if is_for_trap(request):
            return self._caught(request)
        if is_for_collector(request):
            return Export({world.watch for world in self.current}, request)
        if is_for_reports(request):
            return Handout([*self.current, self.limbo], request)
        return Prompt(self.current, request) if is_for_prompting(request) else None

    def _effect(self, request: Request) -> Arrival:
        """Find the world whose order an effect names; a late one is still taken by a play that is over."""
        worlds = (*self.current, *reversed(self.closed))
        world = next((one for one in worlds if is_told_in(one, request)), None)
        if world is None:
            self._stray(request, self.current, "it came to the sink and names no order of a play")
        return Arrival(world or self.limbo, request)

    def _caught(self, request: Request) -> Caught:
        """Find the world whose trap was walked into."""
        worlds = (*self.current, *reversed(self.closed))
        world = next((one for one in worlds if is_trap_of(one, request)), self.limbo)
        return Caught(world, request)

    def _near(self, parsed: Parsed, dialect: Dialect) -> list[World]:
        """Give the plays that have the key of a request; a page, which has none, may be of any."""
        if parsed.is_open:
            return [one for one in self.current if dialect in one.dialects]
        return [one for one in self.current if one.has_key(parsed.credential, dialect)]

    def _owner(self, request: Request, parsed: Parsed, near: Sequence[World], limbo: World) -> World:
        """Find whose request it is among plays with its key; one that is nobody's is told to all of them."""
        if len(near) == 1 and not self.closed:
            return near[0]
        ids = (parsed.payment_id, parsed.refund_id, *parsed.other_ids)
        for world in near:
            if world.knows(ids, parsed.hints):
                return world
            if parsed.is_open and world.account_of_page(parsed.other_ids, limbo.dialect) is not None:
                return world
        for world in reversed(self.closed):
            if (
                limbo.dialect in world.dialects
                and world.has_key(parsed.credential, limbo.dialect)
                and world.knows(ids, parsed.hints)
            ):
                self._stray(request, near, "it belongs to a play that is over", is_harmless=True)
                return world
        if len(near) == 1:
            return near[0]
        if near:
            what = f"nothing in it says which of {len(near)} plays with its key it is of"
            self._stray(request, near, what, is_harmless=request.method == "GET")
        else:
            what = "neither its API key nor anything it names belongs to a play"
            self._stray(request, self.current, what)
        return limbo

    def _account_of(self, near: Sequence[World], parsed: Parsed, limbo: World) -> Account:
        """Give what answers a call that any of several plays may have made: a look sees what all have."""
        if parsed.op in READS:
            return shared([one.account_of_key(parsed.credential, limbo.dialect) for one in near])
        return limbo.admit(parsed.credential or "")

    def _limbo_of(self, dialect: Dialect) -> World:
        """Give what answers requests in a dialect that belong to no play; one is made for each dialect."""
        if dialect is self.limbo.dialect:
            return self.limbo
        if dialect.name not in self.limbos:
            plan = replace(self.limbo.plan, provider=dialect.name)
            ids, clock = Ids(0, new_nonce()), self.limbo.clock
            made = make_world(plan, dialect, self.limbo.journal, clock, ids, "", None)
            made.is_free = True
            self.limbos[dialect.name] = made
        return self.limbos[dialect.name]

    def _dialect(self, request: Request) -> tuple[Dialect, Request]:
        """Find the dialect by its name as path prefix; without one by the plays, by the key, or the first."""
        head, _, rest = request.path.lstrip("/").partition("/")
        if head in DIALECTS.known:
            return DIALECTS[head], changed(request, path=f"/{rest}")
        played = self.current[0].dialects if len(self.current) == 1 else self._played()
        if len(played) == 1:
            return played[0], request
        return self._told_by_key(request, played) or next(iter(DIALECTS)), request

    def _played(self) -> Sequence[Dialect]:
        """Give the dialects of all plays."""
        return tuple({one.name: one for world in self.current for one in world.dialects}.values())

    def _told_by_key(self, request: Request, played: Sequence[Dialect]) -> Dialect | None:
        """Find the one of several played dialects whose account a request's key is of; None: no key tells."""
        for dialect in played:
            credential = dialect.parse(request).credential
            there = (one for one in self.current if dialect in one.dialects)
            if credential and any(one.has_key(credential, dialect) for one in there):
                return dialect
        return None

    def _stray(
        self, request: Request, touched: Sequence[World], reason: str, *, is_harmless: bool = False
    ) -> None:
        """Tell the plays that it may have touched: something was asked that they cannot account for."""
        for world in touched:
            world.journal.write(
                "run.stray", path=request.path, method=request.method, reason=reason, is_harmless=is_harmless
            )
