"""From happenings of the book to journal entries, webhook events and deliveries in the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial

from badgateway.plan.model import PlannedDelivery, Selector
from badgateway.play.world import World
from badgateway.providers.base import WireEvent
from badgateway.webhooks.outbox import Item

ATTACKERS = ("none", "garbage", "other_tenant")


def tell(world: World) -> None:
    """Journal what the book did since the last time, and queue the webhooks that tell it."""
    happenings = world.account.book.drain()
    _journal_ledger(world)
    batch: list[Item] = []
    for happening in happenings:
        world.own(
            happening.payment.id,
            world.order_of((happening.payment.id,), (happening.payment.order_ref or "",)),
        )
        for event in world.dialect.events(happening, world.account):
            batch.extend(_items(world, event))
    plain = [item for item in batch if item.delivery == 0]
    special = [item for item in batch if item.delivery != 0]
    world.outbox.add([*_interleaved(world, plain), *special])


def _journal_ledger(world: World) -> None:
    entries = world.account.book.ledger.since(world.ledger_seen)
    world.ledger_seen += len(entries)
    for entry in entries:
        world.own(entry.refund_id, world.owners.get(entry.payment_id or ""))
        world.journal.write(
            "ledger.entry",
            world.owners.get(entry.payment_id or ""),
            seq=entry.seq,
            kind=entry.kind,
            payment=entry.payment_id,
            refund=entry.refund_id,
            dispute=entry.dispute_id,
            amount_minor=entry.amount_minor,
            currency=entry.currency,
            cause=entry.cause,
        )


def _items(world: World, event: WireEvent) -> Iterator[Item]:
    """Journal one event and give its deliveries: the default one, or those that the plan asks for."""
    order = world.order_of((event.payment_id,), (event.order_ref or "",))
    n = world.count(order, f"event {event.name}") if event.name else 0
    type_n = world.count(order, f"type {event.wire_type}")
    world.journal.write(
        "event.created",
        order,
        event=event.id,
        name=event.name,
        n=n or type_n,
        wire_type=event.wire_type,
        facts=list(event.facts),
        payment=event.payment_id,
        tells=event.tells,
        cause=event.cause,
    )
    if world.endpoint is None:
        return
    now = world.clock.now_ms()
    default = Item(event, order, n, type_n, due_ms=now)
    planned = [delivery for delivery in world.plan.deliveries if _selects(delivery.event, default, world)]
    shaping = [delivery for delivery in planned if delivery.signature not in (*ATTACKERS, "stale")]
    if any(delivery.is_lost for delivery in shaping):
        world.journal.write("webhook.lost", order, event=event.id, name=event.name, why="lose")
        return
    if not shaping:
        yield default
    for delivery in shaping:
        yield from _shaped(default, delivery)
    for delivery in planned:
        if delivery.signature == "stale":
            again = Item(event, order, n, type_n, now + delivery.delay_ms, kind="stale", signature="stale")
            again.after, again.delivery, again.copies = (
                keys(default, world)[0],
                delivery.index,
                delivery.copies,
            )
            yield again


def _shaped(default: Item, delivery: PlannedDelivery) -> Iterator[Item]:
    item = Item(
        default.event,
        default.order,
        default.n,
        default.type_n,
        default.due_ms + delivery.delay_ms,
        copies=delivery.copies,
        how=delivery.how,
        signature=delivery.signature,
        delivery=delivery.index,
        after=str(delivery.after) if delivery.after else None,
        is_late=delivery.is_late and delivery.copies == 1,
    )
    if delivery.is_late and delivery.copies > 1:
        # The first copy is on time; the others come when everybody has forgotten it.
        late = Item(
            default.event,
            default.order,
            default.n,
            default.type_n,
            item.due_ms,
            copies=delivery.copies - 1,
            how=delivery.how,
            signature=delivery.signature,
            delivery=delivery.index,
            is_late=True,
            kind="duplicate",
        )
        item.copies = 1
        yield item
        yield late
        return
    yield item


def forged(world: World) -> Iterator[Item]:
    """Make the deliveries of an attacker: events that no ledger entry stands behind."""
    for delivery in world.plan.deliveries:
        if delivery.signature not in ATTACKERS or world.endpoint is None:
            continue
        order = world.plan.order(delivery.event.order or world.plan.orders[0].name)
        event = world.dialect.forge(
            delivery.event.name,
            delivery.event.n or 1,
            world.reference(order.name),
            order.amount_minor,
            order.currency,
            world.account,
        )
        kind = "foreign" if delivery.signature == "other_tenant" else "forged"
        yield Item(
            event,
            order.name,
            delivery.event.n or 1,
            0,
            world.clock.now_ms() + delivery.delay_ms,
            copies=delivery.copies,
            how=delivery.how,
            kind=kind,
            signature=delivery.signature,
            after=str(delivery.after) if delivery.after else None,
            delivery=delivery.index,
            is_late=delivery.is_late,
        )


def keys(item: Item, world: World) -> tuple[str, ...]:
    """Give the names by which a story may call this event: neutral first, then the dialect's own."""
    own = Selector(item.event.wire_type, item.type_n, item.order, world.dialect.name)
    if not item.event.name:
        return (str(own),)
    return str(Selector(item.event.name, item.n, item.order)), str(own)


def _selects(selector: Selector, item: Item, world: World) -> bool:
    if selector.order is not None and selector.order != item.order:
        return False
    if selector.provider is not None:
        is_named = selector.provider == world.dialect.name and selector.name == item.event.wire_type
        return is_named and selector.n in (None, item.type_n)
    return selector.name == item.event.name and selector.n in (None, item.n)


def _interleaved(world: World, items: list[Item]) -> list[Item]:
    """Put what one commit made into the order that the plan's number names; 0 is the provider's own order."""
    count = factorial(min(len(items), 6))
    world.interleaving, place = divmod(world.interleaving, count)
    left, out = list(items), []
    for remaining in range(min(len(items), 6), 0, -1):
        pick, place = divmod(place, factorial(remaining - 1))
        out.append(left.pop(pick))
    return [*out, *left]
