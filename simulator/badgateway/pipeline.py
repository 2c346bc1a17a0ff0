"""READ FIRST. Scenarios are loaded, compiled, played and judged, in that order, for a report to be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from badgateway.errors import InputError, Problem
from badgateway.integration.attaching import PROXY
from badgateway.integration.model import Description
from badgateway.journal.ndjson import read_journal
from badgateway.plan.compile import compile_scenario
from badgateway.plan.materialise import from_data
from badgateway.plan.model import Plan
from badgateway.play.company import Company
from badgateway.play.limbo import make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.play.world import World
from badgateway.providers import DIALECTS
from badgateway.providers.base import hosts_of
from badgateway.scenario.load import load_scenarios
from badgateway.server.edge import Edge
from badgateway.server.tunnel import proxied
from badgateway.trial import Alarm, CaseResult, Court


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
    repeat_broken: bool = False,
    worlds: int = 1,
    on_alone: Callable[[Plan, str], None] = lambda *_: None,
    on_played: Callable[[World], None] = lambda _: None,
) -> tuple[CaseResult, ...]:
    """Play and judge plans on as many running integrations as there are workers, and keep their order.

    With `repeat_broken` the first broken cases are played again: how often they break, and from which step.
    With several `worlds` each integration is put through so many plays at once; `on_alone` is told why not.
    Raises IntegrationDown where an integration does not start or dies; the journals are in `workdir`.
    """
    results: dict[int, CaseResult] = {}
    # An integration is configured for one provider or route, so each of them has integrations of its own.
    for n, route in enumerate(dict.fromkeys(sorted((plan.providers for plan in plans), key=len))):
        places = [place for place, plan in enumerate(plans) if plan.providers == route]
        board, alarm, size = Worlds(make_limbo()), Alarm(), min(workers, len(places))
        home = workdir / "-".join(route) if n else workdir
        home.mkdir(parents=True, exist_ok=True)
        async with (
            Edge(board, on_bug=alarm.ring) as edge,
            proxied(edge, _hosts(description, route), home, board.refuse) as proxy,
            Company(
                description, board, edge.url, home, route[0], size, extra_arguments, proxy, route
            ) as company,
        ):
            journals, sharing = workdir / "journals", (worlds, on_alone)
            company.on_played = on_played
            court = Court(company, journals, reproduce, check_determinism, *sharing, repeat_broken)
            heard = await court.hear_all([plans[place] for place in places], on_result, alarm)
        results |= dict(zip(places, heard, strict=True))
    return tuple(results[place] for place in sorted(results))


def _hosts(description: Description, route: Sequence[str]) -> tuple[str, ...]:
    is_proxied = description.start is not None and PROXY in description.start.attach
    return tuple(host for name in route for host in hosts_of(DIALECTS[name])) if is_proxied else ()


async def replay(path: Path, description: Description, **settings: Any) -> CaseResult:
    """Play again what a journal records, from the plan in it, and judge it again; settings as for `run`."""
    started = [entry for entry in read_journal(path) if entry.kind == "run.started"]
    if not started:
        raise InputError([Problem(path.as_posix(), 0, 0, "no play is recorded here")])
    return (await run([from_data(started[0].data["plan"])], description, **settings))[0]
