"""An integration that pacts are verified against: its provider states are stories that are played on it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids, new_nonce
from badgateway.journal.journal import Journal
from badgateway.play.company import Company, Player
from badgateway.play.limbo import empty_plan
from badgateway.play.switchboard import Worlds
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS
from badgateway.verify.simulator import ENTRIES_MAX
from badgateway.verify.states import refused
from badgateway.verify.stories import missed, plan_of, references
from badgateway.webhooks.deliver import Parcel


class MerchantScene:
    """Implements `verify.scene.Scene` for a running integration; its first player is the one that is held."""

    def __init__(self, company: Company, worlds: Worlds, provider: str) -> None:
        self._company, self._worlds, self._provider = company, worlds, provider
        self._ids, self._count = Ids(0, new_nonce()), itertools.count(1)
        self._rest = _rest(company.players[0], provider)
        worlds.open(self._rest)

    async def renew(self) -> None:
        """Do nothing: every story has orders of its own, so that none meets another's."""

    async def reach(self, text: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Play the story of a state; generators may name its orders, the first one also as `order`.

        They may name `unused` too: a reference that no order has, and that is given once.
        """
        given = {**params, "unused": self._ids.reference(f"unused{next(self._count)}")}
        state = self._company.description.states.get(text)
        if not text or (state is not None and not state.steps):
            return given
        plan = plan_of(self._company.description.states, text, params, self._provider)
        # While a story is played, every call that names no order is the story's.
        self._worlds.current.remove(self._rest)
        try:
            entries = await self._company.perform(self._company.players[0], plan, "main")
        finally:
            self._worlds.open(self._rest)
        why = missed(plan, entries)
        if why is not None:
            raise refused(text, f"cannot be reached: {why}")
        return {**given, **references(entries)}

    def sent(self) -> Parcel | None:
        """Give nothing: an integration has told nobody anything by webhook."""
        return None


def _rest(player: Player, provider: str) -> World:
    """Make the world of all that belongs to no story: accounts that are empty at first."""
    clock, ids = Clock(), Ids(0, new_nonce())
    journal = Journal(clock, entries_max=ENTRIES_MAX, secrets=player.secrets())
    tenants = player.tenants(provider)
    dialect = DIALECTS[provider]
    world = make_world(empty_plan(), dialect, journal, clock, ids, player.api_key, None, tenants)
    world.is_free = True
    return world
