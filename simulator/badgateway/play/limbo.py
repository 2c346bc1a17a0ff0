"""The world that answers what belongs to no play, and the plan of a world without a story."""

from __future__ import annotations

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids, new_nonce
from badgateway.journal.journal import Journal
from badgateway.plan.model import Expect, Plan
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS


def empty_plan(provider: str | None = None) -> Plan:
    """Give a plan in which nothing is asked and nothing goes wrong, by default of the first provider."""
    return Plan(
        scenario="",
        title="no story",
        why="",
        tags=(),
        case=1,
        cases=1,
        matrix={},
        seed=0,
        provider=provider or DIALECTS.names()[0],
        is_strict=True,
        orders=(),
        steps=(),
        faults=(),
        deliveries=(),
        expect=Expect(),
        interleaving=0,
    )


def make_limbo(provider: str | None = None) -> World:
    """Build the world that answers requests which belong to no play, by default in the first dialect."""
    plan, clock = empty_plan(provider), Clock()
    journal = Journal(clock, entries_max=10_000)
    world = make_world(plan, DIALECTS[plan.provider], journal, clock, Ids(0, new_nonce()), "", None)
    world.is_free = True
    return world
