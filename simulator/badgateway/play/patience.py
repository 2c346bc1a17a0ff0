"""How long a provider puts up with an endpoint: events that it gives up, and an endpoint that it disables."""

from __future__ import annotations

from badgateway.play.telling import keys
from badgateway.play.world import World
from badgateway.providers.base import patience_of
from badgateway.webhooks.outbox import Item


def is_disabled(world: World, item: Item) -> bool:
    """Say whether the provider sends nothing any more, and journal what this delivery would have told."""
    if item.is_attack or item.merchant not in world.disabled:
        return False
    for one in (item, *item.riders):
        lose(world, one, "disabled")
    return True


def lose(world: World, item: Item, why: str) -> None:
    """Journal an event that is never told, or never again, and let go whatever waits for it."""
    world.journal.write("webhook.lost", item.order, event=item.event.id, name=item.event.name, why=why)
    world.delivered.update(keys(item, world))


def give_up(world: World, item: Item) -> None:
    """Give an event up after the last attempt; so many in a row, and the endpoint is disabled."""
    for one in (item, *item.riders):
        lose(world, one, "exhausted")
    world.given_up[item.merchant] += 1
    given_up, most = world.given_up[item.merchant], patience_of(world.dialect).given_up_max
    if most is not None and given_up >= most and item.merchant not in world.disabled:
        world.disabled.add(item.merchant)
        world.journal.write("webhook.disabled", None, given_up=given_up, merchant=item.merchant)
