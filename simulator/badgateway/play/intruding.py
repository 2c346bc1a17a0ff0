"""Deliveries that no happening of the book asks for: forgeries, events kept on their way, and strangers'."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.plan.model import PlannedDelivery
from badgateway.play.world import World
from badgateway.providers.base import KnowsStrangers, WireEvent
from badgateway.webhooks.outbox import Item

ATTACKERS = ("none", "garbage", "other_tenant", "cert_url")


def intrusions(world: World) -> Iterator[Item]:
    """Make the deliveries of an attacker: what was kept on its way, and what never happened."""
    yield from captured(world)
    for delivery in world.plan.deliveries:
        if delivery.signature in ATTACKERS:
            yield from forged(world, delivery)


def captured(world: World) -> Iterator[Item]:
    """Give the genuine deliveries that an attacker has kept, once."""
    kept, world.captured = world.captured, []
    for item in kept:
        item.due_ms += world.clock.now_ms()
        yield item


def forged(world: World, delivery: PlannedDelivery, reference: str | None = None) -> Iterator[Item]:
    """Make an event that no ledger entry stands behind; `reference`: how it calls the order."""
    order = world.plan.order(delivery.event.order or world.plan.orders[0].name)
    dialect = world.dialect_named(delivery.event.provider)
    if world.endpoint_of(order.merchant, dialect) is None:
        return
    event = dialect.forge(
        delivery.event.name,
        delivery.event.n or 1,
        reference or world.reference(order.name),
        order.amount_minor,
        order.currency,
        world.account_of(order.name, dialect),
    )
    yield Item(
        event,
        order.name,
        delivery.event.n or 1,
        0,
        world.clock.now_ms() + delivery.delay_ms,
        copies=delivery.copies,
        how=delivery.how,
        kind="foreign" if delivery.signature == "other_tenant" else "forged",
        signature=delivery.signature,
        after=str(delivery.after) if delivery.after else None,
        delivery=delivery.index,
        merchant=order.merchant,
        provider=world.further_name(dialect),
        ladder_ms=dialect.retry_ladder_ms,
        is_late=delivery.is_late,
    )


def strangers(world: World) -> Iterator[Item]:
    """Make the deliveries that tell of payments and objects which this integration never made."""
    for delivery in world.plan.deliveries:
        dialect = world.dialect_named(delivery.event.provider)
        merchant = next(iter(world.plan.merchants), None)
        if not delivery.is_of_strangers or world.endpoint_of(merchant, dialect) is None:
            continue
        for n in range(1, delivery.copies + 1):
            event = _of_a_stranger(world, delivery, n)
            if event.payment_id is not None:
                world.strangers.add(event.payment_id)
            yield Item(
                event,
                None,
                n,
                n,
                world.clock.now_ms() + delivery.delay_ms,
                kind="foreign",
                merchant=merchant,
                provider=world.further_name(dialect),
                ladder_ms=dialect.retry_ladder_ms,
                after=str(delivery.after) if delivery.after else None,
                delivery=delivery.index,
                is_late=delivery.is_late,
            )


def _of_a_stranger(world: World, delivery: PlannedDelivery, n: int) -> WireEvent:
    dialect, order = world.dialect_named(delivery.event.provider), world.plan.orders[0]
    account = world.accounts_at(dialect)[0]
    if delivery.event.provider is not None:
        assert isinstance(dialect, KnowsStrangers), "plans name own types only where the provider has them"
        return dialect.stranger(delivery.event.name, account)
    reference = world.ids.reference(f"a stranger's order {delivery.index}.{n}")
    return dialect.forge(delivery.event.name, n, reference, order.amount_minor, order.currency, account)
