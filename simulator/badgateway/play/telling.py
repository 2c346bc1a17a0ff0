"""From happenings of the book to journal entries, webhook events and deliveries in the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import factorial
from operator import attrgetter

from badgateway.ground.mutation import ANYTHING, mutate
from badgateway.ground.records import changed
from badgateway.journal.form import Form
from badgateway.payments.model import Happening
from badgateway.plan.model import PlannedDelivery, Selector
from badgateway.play.account import Account
from badgateway.play.intruding import ATTACKERS
from badgateway.play.paying_out import payout_events
from badgateway.play.planting import spoken
from badgateway.play.registering import further
from badgateway.play.world import World
from badgateway.providers.base import Dialect, Retells, StandsBefore, WireEvent
from badgateway.webhooks.outbox import INNER, Item

# What is written of each entry of the ledger and of each event, in the order in which it is noted.
_POSTED = Form(
    "ledger.entry", "seq", "kind", "payment", "refund", "dispute", "amount_minor", "currency", "cause"
)
_CREATED = Form(
    "event.created", "event", "name", "n", "wire_type", "facts", "payment", "tells", "cause", "by"
)
# What of an account is not told yet.
_HAPPENED_AT, _PAYOUTS_OF = attrgetter("book.undrained"), attrgetter("book.settlement.undrained")


def tell(world: World) -> None:
    """Journal what the book did since the last time, and queue the webhooks that tell it."""
    batch: list[Item] = []
    # Most calls only look, and there is nothing to tell of them.
    if any(map(_HAPPENED_AT, world.accounts)) or len(world.account.book.ledger) != world.ledger_seen:
        _tell_book(world, batch)
    for account in world.accounts:
        if account.tells_more is not None:
            for event in account.tells_more.news(account):
                _tell_event(world, event, account, batch)
    if any(map(_HAPPENED_AT, world.accounts)):
        # Time that has run out may change the book as well: a checkout that lapses cancels its payment.
        _tell_book(world, batch)
    for account in filter(_PAYOUTS_OF, world.accounts):
        _tell_payouts(world, account, batch)
    if batch:
        world.enqueue(batch if len(batch) == 1 else _in_order(world, batch))
    for delivery in world.shaping.batched:
        world.outbox.join(batch_key(delivery), 1 + len(delivery.batch))


def _tell_book(world: World, batch: list[Item]) -> None:
    happened = [(account, account.book.drain()) for account in world.accounts if account.book.undrained]
    if len(world.account.book.ledger) != world.ledger_seen:
        _journal_ledger(world)
    for account, happenings in happened:
        for happening in happenings:
            _tell_happening(world, happening, account, batch)


def _tell_payouts(world: World, account: Account, batch: list[Item]) -> None:
    for payout in account.book.settlement.drain():
        for event in payout_events(world, payout, account):
            _tell_event(world, event, account, batch)


def _tell_happening(world: World, happening: Happening, account: Account, batch: list[Item]) -> None:
    payment = happening.payment
    order = world.order_of((payment.id,), (payment.order_ref or "",))
    if order is not None:
        parts = (payment, *payment.attempts, happening.refund, happening.dispute)
        for part in parts:
            world.own(part.id if part else None, order)
    events = account.dialect.events(happening, account)
    for event in events:
        if event.payment_id == payment.id and event.order_ref == payment.order_ref:
            _tell_of(world, order, event, account, batch)
        else:
            _tell_event(world, event, account, batch)
    if account.held_by is not None and world.plan.behind:
        named = next((event for event in events if event.name is not None), None)
        _tell_orchestrator(world, named, account, happening, batch)


def _tell_orchestrator(
    world: World, event: WireEvent | None, account: Account, happening: Happening, batch: list[Item]
) -> None:
    """Tell an orchestrator what happened behind it: at once, or as a story delays, loses or keeps it.

    What has no event that a story could name is always told at once.
    """
    if event is None:
        hear(world, account, happening, batch)
        return
    order = world.order_of((event.payment_id,), (event.order_ref or "",))
    name = account.dialect.name
    n = world.dossiers.counted(order, f"event {account.held_by}->{event.name} at {name}")
    due_ms = world.clock.now_ms()
    default = Item(event, order, n, 0, due_ms, kind=INNER, provider=name, own_n=n, merchant=account.merchant)
    planned = [one for one in world.shaping.about(order) if _is_meant(one, default, world)]
    if any(one.is_lost for one in planned):
        world.journal.write("webhook.lost", order, event=event.id, name=event.name, why="lose")
        return
    if not planned:
        hear(world, account, happening, batch)
        return
    world.inner[event.id] = (account, happening)
    batch.extend(_shaped(default, planned[0], world))


def pass_on(world: World, item: Item) -> None:
    """Tell an orchestrator what a story had kept from it; it looks at how the payment stands by now."""
    account, happening = world.inner.pop(item.event.id)
    now = account.book.payment(happening.payment.id) or happening.payment
    batch: list[Item] = []
    hear(world, account, changed(happening, payment=now), batch)
    world.enqueue(batch)
    note_delivered(world, item)
    tell(world)


def hear(world: World, account: Account, happening: Happening, batch: list[Item]) -> None:
    """Let the orchestrator take in what happened at a provider behind it; adds what it tells in turn."""
    # Right or not, it is told to whom the account belongs: that of the merchant whose it is.
    orchestrator, dialect = world.account_named(account.merchant), world.dialect
    assert isinstance(dialect, StandsBefore), "plans put providers only behind those that have some"
    for event in dialect.hear(happening, orchestrator, account):
        _tell_event(world, event, orchestrator, batch)


def _journal_ledger(world: World) -> None:
    entries, has_story = world.account.book.ledger.since(world.ledger_seen), world.has_story
    world.ledger_seen += len(entries)
    for entry in entries:
        owner = world.owner(entry.payment_id) if has_story else None
        if owner is not None and entry.refund_id is not None:
            world.own(entry.refund_id, owner)
        world.journal.note(
            _POSTED,
            owner,
            (
                entry.seq,
                entry.kind,
                entry.payment_id,
                entry.refund_id,
                entry.dispute_id,
                entry.amount_minor,
                entry.currency,
                entry.cause,
            ),
        )


def _tell_event(world: World, event: WireEvent, account: Account, batch: list[Item]) -> None:
    """Journal one event, whatever it is about, and add its deliveries."""
    is_of_account = event.payment_id is None and event.order_ref is None
    order = None if is_of_account else world.order_of((event.payment_id,), (event.order_ref or "",))
    _tell_of(world, order, event, account, batch)


def _tell_of(world: World, order: str | None, event: WireEvent, account: Account, batch: list[Item]) -> None:
    """Journal one event of an order and add its deliveries: the default one, or those of the plan."""
    dialect, plan = account.dialect, world.plan
    if plan.canary:
        body = spoken(world, event.body)
        event = event if body is event.body else changed(event, body=body)
    names = _counted_as(event.wire_type, event.name, account.held_by, dialect.name)
    counted = world.dossiers.count_each(order, *names)
    n, own_n, type_n = counted if event.name else (0, 0, *counted)
    world.journal.note(
        _CREATED,
        order,
        (
            event.id,
            event.name,
            n or type_n,
            event.wire_type,
            list(event.facts),
            event.payment_id,
            event.tells,
            event.cause,
            account.held_by if plan.behind else None,
        ),
    )
    registers, subscribes = account.registers, account.subscribes
    if registers is not None:
        known = registers.registrations(account)
        if known:
            batch.extend(further(world, event, order, account, registers, known))
        else:
            subscribes = None  # whoever has registered nothing has not chosen either
    # Whether the merchant's account has an endpoint, and wants it to be told of this event.
    endpoint = world.endpoint_of(account.merchant, dialect)
    if endpoint is None:
        return
    if subscribes is not None and not subscribes.is_wanted(event, endpoint.url, account):
        return
    default = Item(
        event,
        order,
        n,
        type_n,
        due_ms=world.clock.now_ms(),
        merchant=account.merchant,
        provider=world.further_name(dialect),
        own_n=own_n,
        ladder_ms=dialect.retry_ladder_ms,
    )
    if event.payment_id in world.paid_elsewhere:
        elsewhere = world.paid_elsewhere[event.payment_id]
        batch.append(changed(default, order=elsewhere, kind="foreign"))
    elif plan.deliveries and (about := world.shaping.about(order)):
        batch.extend(_as_planned(world, default, about))
    else:
        batch.append(default)


@lru_cache(maxsize=1024)  # there are some dozen of each provider's; strangers' may be of any type
def _counted_as(wire_type: str, name: str | None, held_by: str | None, provider: str) -> tuple[str, ...]:
    """Give under which names an event is counted: by its type, and by its neutral name where it has one."""
    # What an orchestrator is told has numbers of its own: a story's are those of the integration.
    whose, at = f"{held_by}->" if held_by else "", f" at {provider}"
    by_type, by_name = f"type {whose}{wire_type}{at}", f"event {whose}{name}"
    return (by_name, by_name + at, by_type) if name else (by_type,)


def _as_planned(world: World, default: Item, about: list[PlannedDelivery]) -> Iterator[Item]:
    """Give the deliveries of an event about whose order the plan says something."""
    event, order = default.event, default.order
    planned = [one for one in about if _is_meant(one, default, world)]
    world.captured += [_captured(default, one) for one in planned if one.signature == "stale"]
    own = [one for one in planned if one.signature in ("ok", "rotated") and one.to is None]
    if any(one.is_lost for one in own):
        world.journal.write("webhook.lost", order, event=event.id, name=event.name, why="lose")
    elif not own:
        yield default
    else:
        for delivery in own:
            yield from _shaped(default, delivery, world)
    for delivery in planned:
        if delivery.to is not None and world.place_of(delivery.to) is None:
            why = f"neither a merchant of the story nor badgateway.yaml has an endpoint {delivery.to!r}"
            world.journal.write("run.skipped", order, step=0, do="deliver", why=why, is_planned=False)
        elif delivery.to is not None:
            yield changed(next(_shaped(default, delivery, world)), kind="foreign", to=delivery.to)


def _is_meant(delivery: PlannedDelivery, item: Item, world: World) -> bool:
    """Say whether a planned delivery is about an event that has just been made."""
    if delivery.is_of_strangers or delivery.signature in ATTACKERS:
        return False
    return any(_selects(selector, item, world) for selector in (delivery.event, *delivery.batch))


def _captured(default: Item, delivery: PlannedDelivery) -> Item:
    """Give the copy of an event that somebody has kept on the way, to send it when its time is over."""
    return changed(
        default,
        kind="stale",
        signature="stale",
        due_ms=delivery.delay_ms,
        after=str(delivery.after) if delivery.after else None,
        delivery=delivery.index,
        copies=delivery.copies,
        how=delivery.how,
        is_late=delivery.is_late,
    )


def _shaped(default: Item, delivery: PlannedDelivery, world: World) -> Iterator[Item]:
    event = _drifted(default.event, delivery)
    shaped = changed(
        default,
        event=event,
        due_ms=default.due_ms + delivery.delay_ms,
        copies=delivery.copies,
        how="overlap" if delivery.is_resent else delivery.how,
        signature=delivery.signature,
        delivery=delivery.index,
        after=str(delivery.after) if delivery.after else None,
        is_late=delivery.is_late,
        beside=delivery.beside,
        is_resent=delivery.is_resent,
        aliases=_aliases(event, delivery, world, default.order, world.dialect_of(default)),
    )
    if delivery.batch:
        shaped.after = batch_key(delivery)
    if delivery.is_late and delivery.copies > 1:
        # The first copy is on time; the others come when everybody has forgotten it.
        yield changed(shaped, copies=1, aliases=(), is_late=False)
        yield changed(shaped, copies=delivery.copies - 1, after=None, kind="duplicate")
        return
    yield shaped


def _drifted(event: WireEvent, delivery: PlannedDelivery) -> WireEvent:
    """Give the event as the provider's next version would send it, where the story says so."""
    if not delivery.mutate:
        return event
    asked = {"field": ANYTHING, **delivery.mutate}
    found = mutate(event.body, str(asked["kind"]), str(asked["field"]), str(asked["drift"]))
    return event if found is None else changed(event, body=found.body, mutation=found)


def _aliases(
    event: WireEvent, delivery: PlannedDelivery, world: World, order: str | None, dialect: Dialect
) -> tuple[WireEvent, ...]:
    if not delivery.is_renamed:
        return ()
    account = world.account_of(order, dialect)
    assert isinstance(dialect, Retells), "plans ask for new ids only where the provider makes them"
    return tuple(dialect.retell(event, account) for _ in range(delivery.copies - 1))


def batch_key(delivery: PlannedDelivery) -> str:
    """Give the name under which the members of a batch wait for each other."""
    return f"batch {delivery.index}"


def note_delivered(world: World, item: Item) -> None:
    """Note that a delivery needs to be waited for no more."""
    awaited = world.shaping.awaited
    # Of an event that the plan neither shapes nor waits for, nobody will ask.
    if item.delivery or awaited:
        names = keys(item, world)
        world.delivered.update(names if item.delivery else awaited.intersection(names))


def keys(item: Item, world: World) -> tuple[str, ...]:
    """Give the names by which a story may call this event: neutral first, then the dialect's own."""
    if item.kind == "foreign" or item.registered is not None:
        return ()
    at = world.dialect_of(item).name
    own = Selector(item.event.wire_type, item.type_n, item.order, at)
    if not item.event.name:
        return (str(own),)
    if item.kind == INNER:
        return (str(Selector(item.event.name, item.own_n, item.order, at)),)
    neutral = Selector(item.event.name, item.n, item.order)
    if item.event.name == item.event.wire_type:
        return str(neutral), str(own)
    return str(neutral), str(own), str(Selector(item.event.name, item.own_n, item.order, at))


def _selects(selector: Selector, item: Item, world: World) -> bool:
    if item.kind == INNER and selector.provider is None:
        return False  # a neutral name means what the integration is told
    if selector.order is not None and selector.order != item.order:
        return False
    if selector.provider is not None:
        if selector.provider != world.dialect_of(item).name:
            return False
        # A name of the provider's own comes first: refund.failed is one of both kinds at Stripe.
        if selector.name == item.event.wire_type:
            return selector.n in (None, item.type_n)
        return selector.name == item.event.name and selector.n in (None, item.own_n)
    return selector.name == item.event.name and selector.n in (None, item.n)


def _in_order(world: World, batch: list[Item]) -> list[Item]:
    """Put first what the plan shapes not, then what it does, then what goes to registered endpoints."""
    plain = [item for item in batch if item.delivery == 0 and item.registered is None]
    if len(plain) == len(batch):
        return _interleaved(world, plain)
    special = [item for item in batch if item.delivery != 0]
    registered = [item for item in batch if item.registered is not None]
    return [*_interleaved(world, plain), *special, *registered]


def _interleaved(world: World, items: list[Item]) -> list[Item]:
    """Put what one commit made into the order that the plan's number names; 0 is the provider's own order."""
    if len(items) < 2 or not world.interleaving:
        return items
    count = factorial(min(len(items), 6))
    world.interleaving, place = divmod(world.interleaving, count)
    left, out = list(items), []
    for remaining in range(min(len(items), 6), 0, -1):
        pick, place = divmod(place, factorial(remaining - 1))
        out.append(left.pop(pick))
    return [*out, *left]
