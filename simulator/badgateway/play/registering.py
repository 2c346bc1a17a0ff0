"""Endpoints that the integration registered through its provider's API: what each is told, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from badgateway.ground.records import changed
from badgateway.play.account import Account
from badgateway.play.world import World
from badgateway.providers.base import Endpoint, Registered, Registers, WireEvent
from badgateway.webhooks.outbox import Item


def further(
    world: World,
    event: WireEvent,
    order: str | None,
    account: Account,
    registers: Registers,
    known: Sequence[Registered],
) -> Iterator[Item]:
    """Give the deliveries of an event to the registered endpoints that are known; plans shape none of them.

    Whoever registers the address that badgateway.yaml names is told there once, as ever.
    """
    dialect, merchant = account.dialect, account.merchant
    own = world.endpoint_of(merchant, dialect)
    for registered in known:
        told = registers.told(event, registered, account)
        is_told_anyway = told is event and own is not None and own.url == registered.endpoint.url
        if told is not None and not is_told_anyway:
            due_ms = world.clock.now_ms()
            ladder_ms, at = dialect.retry_ladder_ms, world.further_name(dialect)
            made = Item(told, order, 0, 0, due_ms, merchant=merchant, registered=registered.id)
            yield changed(made, provider=at, ladder_ms=ladder_ms)


def registered_of(world: World, item: Item) -> Registered | None:
    """Give the registered endpoint of a delivery as it is now; None: it was taken away meanwhile."""
    account = world.account_telling(item)
    if not isinstance(account.dialect, Registers):
        return None
    known = account.dialect.registrations(account)
    return next((one for one in known if one.id == item.registered), None)


def door_of(world: World, item: Item, account: Account) -> Endpoint | None:
    """Give where what an account tells goes, and what signs for it: where it is registered, or its own."""
    if item.registered is not None:
        registered = registered_of(world, item)
        return registered.endpoint if registered else None
    own = world.endpoint_of(item.merchant, account.dialect)
    known = account.registers.registrations(account) if account.registers is not None else ()
    if own is None or not known:
        return own
    # Whoever registered its own address may know either secret, so both sign, as while one is rotated.
    secret = next((one.endpoint.secret for one in known if one.endpoint.url == own.url), None)
    return replace(own, old_secret=secret) if secret is not None and own.old_secret is None else own


def acknowledge(world: World, item: Item) -> None:
    """Let the provider know that an endpoint has taken an event, where it counts them."""
    account = world.account_telling(item)
    if account.counts_hearers is None or item.to is not None:
        return
    for event in (item.event, *item.aliases):
        account.counts_hearers.acknowledged(event, item.registered, account)


def close_registered(world: World, item: Item) -> None:
    """Disable a registered endpoint, as its provider does after so many events in vain."""
    registered, account = registered_of(world, item), world.account_telling(item)
    if registered is not None and isinstance(account.dialect, Registers):
        account.dialect.disable(registered, account)


def take_over(world: World, older: World) -> None:
    """Register in a world what the integration registered while none was open: when it was started."""
    for account in world.accounts:
        is_known = account.dialect is older.dialect and older.has_key(account.api_key)
        if is_known and isinstance(account.dialect, Registers):
            account.dialect.inherit(account, older.account_of_key(account.api_key))
