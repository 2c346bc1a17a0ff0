"""Serving one provider without a player: a stand-in that an engineer points an integration at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from badgateway.errors import InputError
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids, new_nonce
from badgateway.journal.journal import Journal
from badgateway.plan.model import Plan
from badgateway.play.company import empty_plan, make_limbo
from badgateway.play.freeplay import attend
from badgateway.play.switchboard import Worlds
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.server.edge import Edge
from badgateway.webhooks.deliver import Courier

WEBHOOK_TIMEOUT_MS = 10_000


async def serve(
    plan: Plan | None,
    *,
    port: int,
    webhook_url: str | None,
    on_ready: Callable[[Mapping[str, str]], None],
    journal_path: Path | None = None,
    api_version: str | None = None,
) -> None:
    """Serve a provider with a plan's faults and deliveries until cancelled; `on_ready` gets variables.

    Raises EnvironmentProblem where the port is taken, InputError where webhooks would leave this machine.
    """
    if webhook_url is not None:
        _refuse_elsewhere(webhook_url)
    story = plan if plan is not None else empty_plan()
    dialect = DIALECTS[story.provider]
    ids, clock = Ids(story.seed, new_nonce()), Clock()
    api_key, secret = f"sk_test_{ids.make('api key')}", f"whsec_{ids.make('webhook secret', 32)}"
    endpoint = Endpoint(webhook_url, secret) if webhook_url is not None else None
    journal = Journal(clock, journal_path, secrets=(api_key, secret))
    world = make_world(story, dialect, journal, clock, ids, api_key, endpoint)
    world.is_free = True
    world.account.api_version = api_version
    worlds = Worlds(make_limbo())
    worlds.open(world)
    try:
        async with Edge(worlds, port=port) as edge, Courier(WEBHOOK_TIMEOUT_MS) as courier:
            settings = dialect.settings(edge.url, api_key, secret)
            on_ready({f"{dialect.name}_{name}".upper(): value for name, value in settings.items()})
            await attend(world, courier)
    finally:
        journal.close()


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
