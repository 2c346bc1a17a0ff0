"""Which order of the story a purchase is, where an integration was not told our references."""

from __future__ import annotations

from badgateway.play.world import World
from badgateway.providers.base import Parsed

PURCHASES = ("create", "charge")


def claim(world: World, parsed: Parsed) -> str | None:
    """Give the order of a purchase in a world without a player: the n-th new one is the story's n-th.

    The same idempotency key, or the same free texts, mean the same purchase. None: the story has no more.
    """
    if not world.is_free or not world.plan.orders or parsed.op not in PURCHASES:
        return None
    marks = [f"key {parsed.key}"] if parsed.key else []
    marks += [f"texts {parsed.hints!r}"] if parsed.hints else []
    known = next((world.claims[mark] for mark in marks if mark in world.claims), None)
    order = known
    if known is None and world.claimed < len(world.plan.orders):
        order = world.plan.orders[world.claimed].name
        world.claimed += 1
    if order is not None:
        world.claims |= dict.fromkeys(marks or [f"purchase {len(world.claims) + 1}"], order)
    return order
