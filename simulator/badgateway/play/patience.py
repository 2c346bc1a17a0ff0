"""How long a provider puts up with an endpoint: events that it gives up, and an endpoint that it disables."""

from __future__ import annotations

from badgateway.play.registering import close_registered, registered_of
from badgateway.play.telling import note_delivered
from badgateway.play.world import World
from badgateway.providers.base import patience_of
from badgateway.webhooks.outbox import Item


def is_disabled(world: World, item: Item) -> bool:
    """Say whether the provider sends nothing any more, and journal what this delivery would have told."""
    if item.registered is not None:
        # Its account may have enabled it again, or taken it away.
        registered = registered_of(world, item)
        why = "no_endpoint" if registered is None else "" if registered.is_enabled else "disabled"
    else:
        is_told = not world.disabled or item.is_attack or item.own_door not in world.disabled
        why = "" if is_told else "disabled"
    for one in (item, *item.riders) if why else ():
        lose(world, one, why)
    return bool(why)


def lose(world: World, item: Item, why: str) -> None:
    """Journal an event that is never told, or never again, and let go whatever waits for it."""
    world.lose(item, why)
    note_delivered(world, item)


def give_up(world: World, item: Item) -> None:
    """Give an event up after the last attempt; so many in a row, and the endpoint is disabled."""
    for one in (item, *item.riders):
        lose(world, one, "exhausted")
    world.given_up[item.door] += 1
    given_up, most = world.given_up[item.door], patience_of(world.dialect_of(item)).given_up_max
    if most is None or given_up < most:
        return
    if item.registered is None and item.own_door in world.disabled:
        return
    if item.registered is None:
        world.disabled.add(item.own_door)
    else:
        close_registered(world, item)
        world.given_up[item.door] = 0
    world.journal.write("webhook.disabled", None, given_up=given_up, merchant=item.merchant)
