"""READ FIRST. Scenarios are loaded, compiled, played and judged, in that order, for a report to be made."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from badgateway.integration.model import Description
from badgateway.plan.compile import compile_scenario
from badgateway.plan.model import Plan
from badgateway.play.company import Company, Player, make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.scenario.load import load_scenarios
from badgateway.server.edge import Edge
from badgateway.trial import CaseResult, Court


def load(
    paths: Sequence[str], seeds: Sequence[int], *, words: str | None = None, tags: Sequence[str] = ()
) -> list[Plan]:
    """Load scenarios and compile every case of each with every seed; all problems come at once."""
    scenarios = load_scenarios(paths, words=words, tags=tags)
    return [plan for seed in seeds for scenario in scenarios for plan in compile_scenario(scenario, seed)]


async def run(
    plans: Sequence[Plan],
    description: Description,
    *,
    workdir: Path,
    reproduce: Callable[[Plan], str],
    on_result: Callable[[CaseResult], None] = lambda _: None,
    workers: int = 1,
    extra_arguments: Sequence[str] = (),
    check_determinism: bool = False,
) -> tuple[CaseResult, ...]:
    """Play and judge plans on as many running integrations as there are workers, and keep their order.

    Raises IntegrationDown where an integration does not start or dies; the journals are in `workdir`.
    """
    worlds = Worlds(make_limbo())
    edge = Edge(worlds)
    await edge.start()
    waiting, results = deque(enumerate(plans)), dict[int, CaseResult]()
    try:
        async with Company(
            description,
            worlds,
            edge.url,
            workdir,
            provider=plans[0].provider,
            size=min(workers, len(plans)),
            extra_arguments=extra_arguments,
        ) as company:
            court = Court(company, workdir / "journals", reproduce, check_determinism)

            async def work(player: Player) -> None:
                while waiting:
                    place, plan = waiting.popleft()
                    results[place] = await court.hear(plan, player)
                    on_result(results[place])

            tasks = [asyncio.ensure_future(work(player)) for player in company.players]
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
    finally:
        await edge.stop()
    return tuple(results[place] for place in sorted(results))
