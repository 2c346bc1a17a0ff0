"""Serving one provider without a player: a stand-in that an engineer points an integration at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from badgateway.errors import InputError, Problem
from badgateway.ground.attic import KEEP, Attic
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids, new_nonce
from badgateway.journal.journal import Journal
from badgateway.journal.resuming import Earlier, held, read_earlier
from badgateway.plan.model import Plan
from badgateway.play.freetime import is_heard, until_heard
from badgateway.play.handing_out import PREFIX as REPORTS
from badgateway.play.hopping import stand_behind
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.play.world import LOSSES, World, make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint, Keeps
from badgateway.providers.euler.behind import Rule
from badgateway.server.edge import Edge

WEBHOOK_TIMEOUT_MS = 10_000
Beside = Callable[[Edge], AbstractAsyncContextManager[object]]  # what is open as long as an edge is
# Nobody reads the journal of a provider while it serves: only the newest entries stay in memory.
ENTRIES_MAX, ENTRIES_KEPT = 20_000_000, 1_000
JOURNAL = "journal.ndjson"  # within the directory of a state


async def serve(
    plan: Plan | None,
    *,
    port: int,
    webhook_url: str | None,
    on_ready: Callable[[Mapping[str, str]], None],
    journal_path: Path | None = None,
    api_version: str | None = None,
    state: Path | None = None,
    provider: str | None = None,
    beside: Beside | None = None,
    keep: int = KEEP,
    on_full: Callable[[str], None] | None = None,
    behind: Sequence[str] = (),
    rules: Sequence[Rule] = (),
) -> None:
    """Serve a provider with a plan's faults and deliveries until cancelled; `on_ready` gets settings.

    With `state`, a directory, it goes on where the last one ended that served it. Raises EnvironmentProblem
    where the port is taken, InputError where webhooks would leave this machine or the state is damaged.
    `behind` are gateways to which it sends payments on, by `rules`. Of each kind of records, `keep` stay in
    memory, the rest goes to a file; `on_full` hears of the first, and of the first webhook that is lost for
    each reason.
    """
    asked = _Parties(provider, tuple(behind), tuple(rules))
    if webhook_url is not None:
        _refuse_elsewhere(webhook_url)
    if state is not None:
        assert plan is None, "a story begins anew with each start"
        with held(state):
            await _serve_state(state, port, webhook_url, on_ready, api_version, asked, Attic(keep, on_full))
        return
    story = plan if plan is not None else _nothing_of(asked)
    ids, clock = Ids(story.seed, new_nonce()), Clock()
    (api_key, secret), inner = _credentials(ids), _inner_keys(story, ids)
    secrets = (api_key, secret, *inner.values())
    journal = Journal(clock, journal_path, secrets, ENTRIES_MAX, kept_max=ENTRIES_KEPT)
    endpoint = Endpoint(webhook_url, secret) if webhook_url is not None else None
    attic = Attic(keep, on_full)
    world = make_world(story, DIALECTS[story.provider], journal, clock, ids, api_key, endpoint, attic=attic)
    world.account.api_version = api_version
    stand_behind(world, inner)
    await _attend(world, port, secret, on_ready, beside)


async def _serve_state(
    state: Path,
    port: int,
    webhook_url: str | None,
    on_ready: Callable[[Mapping[str, str]], None],
    api_version: str | None,
    asked: _Parties,
    attic: Attic,
) -> None:
    from badgateway.play.rebuilding import rebuild  # noqa: PLC0415 - only what was kept is built again

    path = state / JOURNAL
    earlier = read_earlier(path)
    begun = _beginning(path, earlier) if earlier else None
    story, clock = _nothing_of(_kept(begun, asked) if begun else asked), Clock()
    ids = Ids(story.seed, begun["nonce"] if begun else new_nonce())
    (api_key, secret), inner = _credentials(ids), _inner_keys(story, ids)
    dialect = DIALECTS[story.provider]
    if not isinstance(dialect, Keeps):
        raise InputError(f"requests to {dialect.name} cannot be kept: serve it without a state")
    world = make_world(story, dialect, Journal(clock), clock, ids, api_key, None, attic=attic)
    world.is_free = world.is_kept = True
    stand_behind(world, inner)
    surplus = rebuild(world, earlier.entries, source=str(path), secret=secret) if earlier else ()
    secrets = (api_key, secret, *inner.values())
    world.journal = Journal(clock, path, secrets, earlier=earlier, kept_max=ENTRIES_KEPT)
    for entry in surplus:
        world.journal.write(entry.kind, entry.order, **entry.data)
    url = webhook_url if webhook_url is not None or world.endpoint is None else world.endpoint.url
    world.tell_at(Endpoint(url, secret) if url is not None else None)
    world.account.api_version = api_version or world.account.api_version
    world.journal.write(
        "run.served",
        provider=world.dialect.name,
        seed=ids.seed,
        nonce=ids.nonce,
        api_version=world.account.api_version,
        webhook=url,
        behind=list(story.behind),
        rules=[asdict(rule) for rule in story.rules],
    )
    await _attend(world, port, secret, on_ready)


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who is to be served; None: whoever comes first, or as the state has it."""

    provider: str | None
    behind: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


def _nothing_of(asked: _Parties) -> Plan:
    """Give a plan without a story; raises UnknownWord where there is no such provider."""
    plan = replace(empty_plan(), behind=asked.behind, rules=asked.rules)
    return replace(plan, provider=DIALECTS[asked.provider].name) if asked.provider else plan


def _kept(begun: Mapping[str, Any], asked: _Parties) -> _Parties:
    """Give who is in a state; raises InputError where somebody else is asked for."""
    rules = tuple(Rule(**rule) for rule in begun.get("rules") or ())
    kept = _Parties(str(begun["provider"]), tuple(begun.get("behind") or ()), rules)
    if asked.provider not in (None, kept.provider):
        raise InputError(
            f"this state is of {kept.provider}, not of {asked.provider}: begin with another directory"
        )
    if (asked.behind or asked.rules) and (asked.behind, asked.rules) != (kept.behind, kept.rules):
        there = ",".join(kept.behind) or "nobody"
        raise InputError(
            f"this state has {there} behind {kept.provider}, by its own rules: begin with another directory"
        )
    return kept


def _beginning(path: Path, earlier: Earlier) -> Mapping[str, Any]:
    first, last = earlier.entries[0], earlier.entries[-1]
    if first.kind != "run.served":
        raise InputError([Problem(str(path), 1, 1, f"this is no state of a provider: {first.kind}")])
    if first.data["provider"] not in DIALECTS:
        what = f"this is a state of {first.data['provider']}, which is no provider here"
        mend = "name the file that declares it: --provider FILE"
        raise InputError([Problem(str(path), 1, 1, what, mend)])
    if last.kind == "run.bounded":
        what, mend = "the state is full, nothing more can be kept in it", "begin with another directory"
        raise InputError([Problem(str(path), last.seq, 1, what, mend)])
    return first.data


async def _attend(
    world: World,
    port: int,
    secret: str,
    on_ready: Callable[[Mapping[str, str]], None],
    beside: Beside | None = None,
) -> None:
    world.is_free = True
    world.on_loss = world.attic.on_full
    worlds = Worlds(make_limbo(world.dialect.name))
    worlds.open(world)
    try:
        async with (
            Edge(worlds, port=port) as edge,
            beside(edge) if beside else nullcontext(),
        ):
            is_told = bool(world.plan.deliveries) or is_heard(world)
            tell_freely = _telling() if is_told else None
            settings = world.dialect.settings(edge.url, world.account.api_key, secret)
            named = {f"{world.dialect.name}.{name}": value for name, value in settings.items()}
            on_ready(named | {"settlement.url": f"{edge.url}{REPORTS}"})
            if tell_freely is None:
                await until_heard(world)
                tell_freely = await asyncio.to_thread(_telling)  # requests are answered meanwhile
            await tell_freely(world, WEBHOOK_TIMEOUT_MS)
    finally:
        _tell_what_is_left(world)
        world.journal.close()
        world.attic.close()


def _telling() -> Callable[[World, int], Awaitable[None]]:
    """Load what sends webhooks."""
    from badgateway.play.freeplay import tell_freely  # noqa: PLC0415 - it brings aiohttp, and many have no webhooks

    return tell_freely


def _tell_what_is_left(world: World) -> None:
    """Say how many webhooks did not arrive, where some did not; a kept world sends those that wait."""
    lost, waiting = sum(world.lost[why] for why in LOSSES), len(world.outbox.items)
    if world.on_loss is not None and (lost or (waiting and not world.is_kept)):
        world.on_loss(f"webhooks: {lost} were lost, {waiting} were still waiting")


def _credentials(ids: Ids) -> tuple[str, str]:
    """Give API key and webhook secret: the same ones for the same state."""
    return f"sk_test_{ids.make('api key')}", f"whsec_{ids.make('webhook secret', 32)}"


def _inner_keys(story: Plan, ids: Ids) -> dict[str, str]:
    """Give the API key that the story's provider has at each gateway behind it."""
    return {name: f"sk_test_{ids.make(f'api key at {name}')}" for name in story.behind}


def _refuse_elsewhere(url: str) -> None:
    """Refuse an address that is not this machine's own: simulated events are no business of others."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here or parts.scheme not in {"http", "https"}:
        raise InputError(f"webhooks go to a loopback address such as http://127.0.0.1:8000/hook, not {url!r}")
