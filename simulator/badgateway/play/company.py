"""The players of a run: one running integration each, with its own keys, all on one loop behind one edge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids, new_nonce
from badgateway.integration.handle import Handle
from badgateway.integration.launch import providers_of
from badgateway.integration.model import Description
from badgateway.integration.process import RunningIntegration
from badgateway.journal.entry import Entry
from badgateway.journal.journal import Journal
from badgateway.plan.model import Plan
from badgateway.play.account import Tenant
from badgateway.play.breathing import Breath
from badgateway.play.collector import PREFIX as COLLECTOR
from badgateway.play.handing_out import PREFIX as REPORTS
from badgateway.play.hopping import stand_behind
from badgateway.play.joining import join
from badgateway.play.player import play
from badgateway.play.promising import read_contracts
from badgateway.play.registering import take_over
from badgateway.play.sink import PREFIX as SINK
from badgateway.play.switchboard import Worlds
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint, hosts_of
from badgateway.webhooks.deliver import Courier

ENTRIES_AFTER_MAX = 100  # that a world keeps once its play is over


@dataclass(slots=True)
class Player:
    """One running integration and what it was given to reach its providers."""

    number: int
    handle: Handle
    courier: Courier
    api_key: str
    webhook_secret: str
    further: tuple[tuple[str, str], ...] = ()  # API key and webhook secret of each merchant after the first
    spelt: tuple[str, ...] = ()  # the webhook secrets as each provider shows them
    # Provider after the first of a route -> API key and webhook secret of each merchant there.
    elsewhere: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    breath: Breath = field(default_factory=Breath)

    def tenants(self, provider: str) -> tuple[Tenant, ...]:
        """Give the merchants that badgateway.yaml names, with what each was given; the port must be known."""
        given, tenants = self.given(provider), []
        description = self.handle.description
        keys = dict(zip(description.merchants, given, strict=False))
        # A story that names no merchant is about the first.
        for merchant in description.in_turn:
            (api_key, secret), url = keys[merchant], self.handle.webhook_url(provider, merchant.name)
            endpoint = Endpoint(url, secret) if url is not None else None
            tenants.append(Tenant(merchant.name, api_key, endpoint, merchant.is_live, merchant.through))
        return tuple(tenants)

    def given(self, provider: str) -> tuple[tuple[str, str], ...]:
        """Give API key and webhook secret of each merchant at a provider."""
        return self.elsewhere.get(provider) or ((self.api_key, self.webhook_secret), *self.further)

    def door(self, provider: str) -> tuple[str, Endpoint | None, tuple[Tenant, ...]]:
        """Give the API key, where a provider's webhooks go, and the merchants; the port must be known."""
        if tenants := self.tenants(provider):
            return tenants[0].api_key, tenants[0].endpoint, tenants
        api_key, secret = self.given(provider)[0]
        url = self.handle.webhook_url(provider)
        return api_key, Endpoint(url, secret) if url is not None else None, ()

    def secrets(self) -> tuple[str, ...]:
        """Give what must stand in no journal."""
        pairs = [pair for pairs in self.elsewhere.values() for pair in pairs]
        own = (self.api_key, self.webhook_secret)
        told = (word for pair in (*self.further, *pairs) for word in pair)
        return tuple(dict.fromkeys((*own, *told, *self.spelt)))


class Company:
    """Starts the integrations of a run, plays plans on them one at a time each, and ends them."""

    def __init__(
        self,
        description: Description,
        worlds: Worlds,
        url: str,
        workdir: Path,
        provider: str,
        size: int = 1,
        extra_arguments: Sequence[str] = (),
        proxy: Mapping[str, str] | None = None,
        route: Sequence[str] = (),
    ) -> None:
        self.players: list[Player] = []
        self.on_played: Callable[[World], None] = lambda _: None  # told of each world when its play is over
        self.description = description
        self._description, self._worlds, self._url = description, worlds, url
        self._workdir, self._size = workdir, size
        self._provider = DIALECTS[provider].name
        self._route = tuple(DIALECTS[name].name for name in route) or (self._provider,)
        self._extra_arguments, self._proxy = tuple(extra_arguments), dict(proxy or {})
        self._ids = Ids(0, new_nonce())
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(read_contracts(self._route))  # while the integrations start
                hired = [group.create_task(self._hire(number)) for number in range(1, self._size + 1)]
        except BaseExceptionGroup as several:
            await self._stack.aclose()
            raise several.exceptions[0] from None
        self.players = [task.result() for task in hired]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def perform(
        self, player: Player, plan: Plan, role: str, path: Path | None = None
    ) -> tuple[Entry, ...]:
        """Play one plan in a fresh world and give its journal; its file outlives a broken-off play."""
        await player.breath.take()
        clock = Clock()
        inner, *others = (
            {name: self._credentials()[0] for name in plan.behind} for _ in plan.merchants or (None,)
        )
        kept = (key for keys in (inner, *others) for key in keys.values())
        journal = Journal(clock, path, secrets=(*player.secrets(), *kept))
        ids = Ids(plan.seed, new_nonce())
        world = make_world(plan, DIALECTS[plan.provider], journal, clock, ids, *player.door(plan.provider))
        for name in plan.route[1:]:
            join(world, DIALECTS[name], *player.door(name))
        stand_behind(world, inner, others)
        world.effects = self._description.effects
        world.home = self._url
        for account in world.accounts:
            account.webhook_hosts = frozenset(self._description.allowed_hosts)
        take_over(world, self._worlds.limbo)
        for name in {one.to for one in plan.deliveries if one.to and one.to not in plan.merchants}:
            if (place := player.handle.webhook_url(name)) is not None:
                world.elsewhere[name] = Endpoint(place, player.webhook_secret)
        self._worlds.open(world)
        try:
            await play(world, player.handle, player.courier, role)
            self.on_played(world)
        finally:
            self._worlds.close(world)
            journal.close()
            player.breath.note(journal.entries, self._description.declares)
            # A world that is over still answers for its objects; what it would write nobody reads.
            world.journal = Journal(clock, entries_max=ENTRIES_AFTER_MAX)
        return tuple(journal.entries)

    async def _hire(self, number: int) -> Player:
        merchants = self._description.merchants
        modes = [one.is_live for one in merchants] or [False]
        given = [self._credentials(is_live=is_live) for is_live in modes]
        elsewhere = {
            name: tuple(self._credentials(is_live=is_live) for is_live in modes) for name in self._route[1:]
        }
        names = ["", *(f"{one.name}." for one in merchants)]
        for api_key, _ in (*given, *(pair for pairs in elsewhere.values() for pair in pairs)):
            # What it asks for while it starts is answered, and what it registers then holds for every play.
            account = self._worlds.limbo.admit(api_key)
            account.webhook_hosts = frozenset(self._description.allowed_hosts)
        # A declared provider is read only where somebody asks for it.
        start = self._description.start
        wanted = set(self._route) | (providers_of(start) if start is not None else frozenset())
        told_of = [DIALECTS[name] for name in DIALECTS.names() if name in wanted]
        settings = {
            f"{dialect.name}.{name}{key}": value
            for dialect in told_of
            for name, (api_key, secret) in _with_first(names, elsewhere.get(dialect.name, given))
            for key, value in dialect.settings(self._url, api_key, secret).items()
        }
        spelt = tuple(value for name, value in settings.items() if name.endswith(".webhook_secret"))
        workdir = self._workdir / f"integration{number}"
        workdir.mkdir(parents=True, exist_ok=True)
        settings["provider"] = ",".join(self._route)
        settings |= self._proxy
        settings |= {f"{one.name}.hosts": ",".join(hosts_of(one)) for one in told_of if hosts_of(one)}
        handle = RunningIntegration(
            self._description,
            settings
            | {"sink.url": f"{self._url}{SINK}", "traces.url": f"{self._url}{COLLECTOR}"}
            | {"settlement.url": f"{self._url}{REPORTS}"},
            workdir,
            self._extra_arguments,
        )
        self._stack.push_async_callback(handle.stop)
        await handle.start()
        courier = await self._stack.enter_async_context(Courier(self._description.declares.deadline_ms))
        return Player(number, handle, courier, *given[0], tuple(given[1:]), spelt, elsewhere)

    def _credentials(self, *, is_live: bool = False) -> tuple[str, str]:
        """Make an API key and a webhook secret, as the provider shows them when an account is opened."""
        mode = "live" if is_live else "test"
        return f"sk_{mode}_{self._ids.make('api key')}", f"whsec_{self._ids.make('webhook secret', 32)}"


def _with_first(
    names: Sequence[str], given: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give the names of settings with their credentials; the first merchant's go by no name as well."""
    return zip(names, (given[0], *given), strict=False)


def without_faults(plan: Plan) -> Plan:
    """Give the baseline of a plan: the same story on a good day, webhooks once each and in ledger order."""
    return replace(plan, faults=(), deliveries=(), load=(), interleaving=0)


def in_ledger_order(plan: Plan) -> Plan:
    """Give the twin of a plan: the same faults, but webhooks once each and in ledger order."""
    return replace(plan, deliveries=(), interleaving=0)
