"""Stories played with the reference for what a provider says in them, before a fault changes any of it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from badgateway.cli.target import embedded
from badgateway.contract.sightings import Sightings
from badgateway.plan.model import Plan
from badgateway.play.company import Company, Player
from badgateway.play.limbo import make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.server.edge import Edge


async def seen_in(plans: Iterable[Plan], folder: Path, provider: str) -> list[Sightings]:
    """Play each plan once, and give what was seen of each play's traffic."""
    target, board, waiting = embedded(), Worlds(make_limbo()), deque(plans)

    async def work(company: Company, player: Player) -> None:
        while waiting:
            await company.perform(player, waiting.popleft(), "main")

    async with (
        Edge(board) as edge,
        Company(target.description, board, edge.url, folder, provider, 2) as company,
    ):
        await asyncio.gather(*(work(company, player) for player in company.players))
    return [world.seen_of[world.dialect.name] for world in board.closed]
