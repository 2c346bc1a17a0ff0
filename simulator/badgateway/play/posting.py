"""Bringing one due webhook to the integration: sign, send, pass the calls it causes, journal, retry."""

from __future__ import annotations

import asyncio
from functools import cache

from badgateway.contract.sightings import Told
from badgateway.ground.clock import monotonic_ms, wall_ms
from badgateway.ground.message import Headers
from badgateway.journal.form import Form
from badgateway.plan.model import PlannedDelivery, Selector
from badgateway.play.account import Account
from badgateway.play.exchange import Call
from badgateway.play.life import revive
from badgateway.play.patience import give_up, is_disabled
from badgateway.play.planting import with_cert_url
from badgateway.play.registering import acknowledge, door_of, registered_of
from badgateway.play.sealing import sealed, signing
from badgateway.play.stage import Stage
from badgateway.play.telling import keys, note_delivered, pass_on
from badgateway.play.views import read_opened, read_view
from badgateway.play.world import World
from badgateway.providers.base import (
    Batches,
    Endpoint,
    WireEvent,
    patience_of,
    signer_of,
)
from badgateway.webhooks.deliver import Courier, Parcel, Receipt
from badgateway.webhooks.outbox import INNER, Item

# What is written of each delivery; the values stand in the same order where they are noted.
_SENT = Form(
    "webhook.sent",
    "delivery",
    "event",
    "retells",
    "name",
    "wire_type",
    "request",
    "to",
    "merchant",
    "instance",
    "attempt",
    "copy",
    "how",
    "signature",
    "skew_ms",
    "mutation",
    "drift",
    "class",
)
_ANSWERED = Form("webhook.answered", "delivery", "status", "elapsed_ms", "parked_ms", "problem")
STALE_S = 3_600  # older than any tolerance in use (Stripe's libraries: 300 s)
PATIENCE_MS_MAX = 200.0  # real; how long a parked call waits for the answer that may come without it


async def post_due(stage: Stage) -> None:
    """Deliver everything that is due now, in the outbox's order."""
    world = stage.world
    while item := world.outbox.take_due(world.clock.now_ms(), world.delivered):
        await post(stage, item)


async def post(stage: Stage, item: Item) -> None:
    """Deliver one item, all its copies."""
    if item.kind == INNER:
        pass_on(stage.world, item)
        return
    if is_disabled(stage.world, item):
        return
    if item.kind == "foreign":
        # What it shows now is known, so that what it shows next is the doing of nothing else.
        await read_opened(stage, "webhook")
    if item.how == "at_once" and item.copies > 1:
        await _post_at_once(stage, item)
    elif item.is_resent:
        await _post_overlapping(stage, item)
    elif item.attempt == 1 and _planned(stage.world, item).then == "kill":
        await _post_and_kill(stage, item)
    else:
        for copy in range(1, item.copies + 1):
            parcel = pack(stage.world, item, copy)
            task = stage.spawn(stage.courier.send(parcel))
            parked = stage.world.gates.parked_ms
            await stage.drive(task)
            settle(stage.world, item, task.result(), stage.world.gates.parked_ms - parked)
    conclude(stage.world, item)
    await revive(stage)
    if item.kind == "foreign":
        await read_opened(stage, "webhook")
    elif item.order is not None and item.order in stage.captured:
        await read_view(stage, item.order, "webhook")


async def _post_and_kill(stage: Stage, item: Item) -> None:
    """Deliver an event, and kill the process in the moment in which it acknowledges it."""
    world, since = stage.world, monotonic_ms()
    task = stage.spawn(stage.courier.send(pack(world, item, 1)))
    patience_ms = min(stage.cutoff_ms / 4, PATIENCE_MS_MAX)
    while not task.done():
        # A handler that asks before it answers is let through; what asks beside the answer waits in vain.
        moved = await world.gates.changed((task,), patience_ms)
        if not moved and not task.done() and (parked := world.gates.parked()):
            await stage.pass_call(parked[0])
    receipt = task.result()
    settle(world, item, receipt)
    is_acknowledged = receipt.status is not None and 200 <= receipt.status < 300
    world.journal.write(
        "run.barrier",
        item.order,
        what=f"killed as soon as {item.event.wire_type} was acknowledged",
        is_achieved=is_acknowledged,
        strength="gate",
        waited_ms=round(monotonic_ms() - since, 1),
    )
    if is_acknowledged:
        await stage.strike_down(f"{receipt.delivery} was acknowledged", item.order)


def _planned(world: World, item: Item) -> PlannedDelivery:
    """Give what the plan says about a delivery; the default where it says nothing."""
    known = (one for one in world.plan.deliveries if one.index == item.delivery)
    return next(known, PlannedDelivery(0, Selector("", None, None)))


async def post_before_reply(stage: Stage, call: Call) -> None:
    """Deliver what the plan wants delivered while the reply of this call is held."""
    wanted = {delivery.index for delivery in stage.world.plan.deliveries if delivery.before == "reply"}
    for item in stage.world.outbox.take_caused_by(call.id, wanted):
        item.how = "at_once" if item.how == "at_once" else "before_reply"
        task = stage.spawn(send_copies(stage.world, stage.courier, item, stage.cutoff_ms))
        stage.loose.append(task)
        is_achieved = await stage.drive(task, cutoff_ms=stage.cutoff_ms)
        stage.world.journal.write(
            "run.barrier",
            item.order,
            what=f"{item.event.wire_type} answered before the reply of {call.id}",
            is_achieved=is_achieved,
            strength="gate",
            waited_ms=0,
        )


async def send_copies(world: World, courier: Courier, item: Item, cutoff_ms: float) -> None:
    """Send all copies of a delivery without driving any call; a burst is held together for `cutoff_ms`."""
    if is_disabled(world, item):
        return
    copies = range(1, item.copies + 1)
    if item.how == "at_once":
        parcels = [pack(world, item, copy) for copy in copies]
        for receipt in await asyncio.gather(*courier.send_at_once(parcels, cutoff_ms)):
            settle(world, item, receipt)
    else:
        for copy in copies:
            settle(world, item, await courier.send(pack(world, item, copy)))
    if item.is_resent and not item.is_answered_well:
        # The courier is as patient as the provider: what it gave up waiting for is sent again at once.
        item.attempt += 1
        settle(world, item, await courier.send(pack(world, item, 1)))
    conclude(world, item)


async def _post_at_once(stage: Stage, item: Item) -> None:
    parcels = [pack(stage.world, item, copy) for copy in range(1, item.copies + 1)]
    burst = [stage.spawn(sender) for sender in stage.courier.send_at_once(parcels, stage.cutoff_ms)]
    # Handlers that call the provider between their check and their act meet at the gate: a certain race.
    what = f"{item.copies} copies of {item.event.wire_type} at once"
    await stage.pass_together(await stage.meet(burst, what))
    await stage.drive(*burst)
    receipts = [task.result() for task in burst]
    stage.world.journal.write(
        "run.barrier",
        item.order,
        what=what,
        strength="last_byte",
        waited_ms=0,
        is_achieved=all(receipt.is_aligned for receipt in receipts),
    )
    for receipt in receipts:
        settle(stage.world, item, receipt)


async def _post_overlapping(stage: Stage, item: Item) -> None:
    """Deliver an event, give up waiting at the provider's deadline, and send it again meanwhile.

    The first handler is kept at work by the call that it parks. We listen on, so as to know when it is
    through; the provider does not, and for it the first copy was never answered.
    """
    world, since = stage.world, monotonic_ms()
    first = pack(world, item, 1)
    slow = stage.spawn(stage.courier.send(first))
    until = since + stage.cutoff_ms
    while not (world.gates.parked() or slow.done()) and monotonic_ms() < until:
        await world.gates.changed((slow,), until - monotonic_ms())
    if slow.done():
        _journal_overlap(stage, item, since, is_achieved=False)
        settle(world, item, slow.result())
        return
    before = world.clock.now_ms()
    world.clock.jump_to(before + patience_of(world.dialect_of(item)).deadline_ms)
    world.journal.write("run.advanced", by_ms=world.clock.now_ms() - before, why="due")
    settle(world, item, Receipt(first.delivery, None, monotonic_ms() - since, "no answer by the deadline"))
    item.attempt += 1
    again = stage.spawn(stage.courier.send(pack(world, item, 1)))
    # Both handlers stand between their check and their act now, or the second one is through already.
    parked = await stage.meet([slow, again], f"{item.event.wire_type} sent again while it is worked on")
    await stage.pass_together(parked)
    await stage.drive(slow, again)
    settle(world, item, again.result())


def _journal_overlap(stage: Stage, item: Item, since: float, *, is_achieved: bool) -> None:
    stage.world.journal.write(
        "run.barrier",
        item.order,
        what=f"{item.event.wire_type} sent again while it is worked on",
        is_achieved=is_achieved,
        strength="gate",
        waited_ms=round(monotonic_ms() - since, 1),
    )


def pack(world: World, item: Item, copy: int) -> Parcel:
    """Sign and journal one copy of a delivery, and of what travels with it."""
    account = world.account_telling(item)
    own = door_of(world, item, account)
    assert own is not None, "nothing is queued for an integration without an endpoint"
    instance = world.copies.next("webhook")
    event = item.carried(copy)
    delivery = _journal_sent(world, item, event, copy, instance=instance)
    body = event.body
    is_spoilt = item.kind != "genuine" or event.mutation is not None
    dialect = account.dialect
    if not world.is_free:  # nobody holds the traffic of a world without a player against a contract
        seen = Told(delivery, item.order, event.id, event.wire_type, body, is_spoilt)
        world.seen_of[dialect.name].tell(seen)
    if item.riders:
        assert isinstance(dialect, Batches), "plans batch only where the provider does"
        body = dialect.batch([one.event for one in (item, *item.riders)])
        world.riding[delivery] = tuple(
            _journal_sent(world, one, one.carried(copy), copy, delivery, instance) for one in item.riders
        )
    place = own if item.to is None else world.place_of(item.to)
    body = sealed(world, item, account, own, body)
    headers = _signed(world, item, event, account, own, body)
    return Parcel(delivery, world.copies.place((place or own).url, instance), body, headers)


def _journal_sent(
    world: World,
    item: Item,
    event: WireEvent,
    copy: int,
    request: str | None = None,
    instance: str | None = None,
) -> str:
    world.sent += 1
    mutation = item.event.mutation
    is_again = copy > 1 or item.delivered > 0
    kind = "duplicate" if item.kind == "genuine" and is_again and item.attempt == 1 else item.kind
    delivery = f"delivery{world.sent}"
    world.journal.note(
        _SENT,
        item.order,
        (
            delivery,
            event.id,
            item.event.id if event is not item.event else item.event.retells,
            item.event.name,
            item.event.wire_type,
            request,
            item.to or (_named(world, item) if item.registered is not None else None),
            item.merchant,
            instance,
            item.attempt,
            copy,
            item.how,
            item.signature,
            world.faults.skew_ms or None,
            mutation.what if mutation else None,
            mutation.drift if mutation else None,
            kind,
        ),
    )
    item.delivered += 1
    return delivery


def _named(world: World, item: Item) -> str | None:
    registered = registered_of(world, item)
    return f"registered endpoint {registered.n}" if registered else None


@cache
def _plain(provider: str) -> Headers:
    return ("Content-Type", "application/json; charset=utf-8"), ("User-Agent", f"badgateway ({provider})")


def _signed(
    world: World, item: Item, event: WireEvent, told_by: Account, endpoint: Endpoint, body: bytes
) -> Headers:
    now_s = (wall_ms() + world.faults.skew_ms) // 1000
    dialect, is_plain = told_by.dialect, told_by.signs_events is None
    sign = dialect.sign if is_plain else signer_of(dialect, event, world.account_of(item.order, dialect))
    plain = _plain(dialect.name)
    if item.signature == "none":
        return plain
    if item.signature == "stale":
        now_s -= STALE_S
    signed = sign(body, signing(world, item, dialect, endpoint), now_s)
    return (*plain, *(with_cert_url(signed, world) if item.signature == "cert_url" else signed))


def settle(world: World, item: Item, receipt: Receipt, parked_ms: float = 0.0) -> None:
    """Journal what the integration answered, and remember what it acknowledged."""
    # Whoever answers 200 to a forgery, even to ignore it, is not told of the event that it imitates.
    is_taken = receipt.status is not None and 200 <= receipt.status < 300 and not item.is_attack
    _settle(world, item, receipt, receipt.delivery, parked_ms, is_taken=is_taken)
    if item.riders:
        riding = world.riding.pop(receipt.delivery)
        for delivery, one in zip(riding, item.riders, strict=True):
            _settle(world, one, receipt, delivery, parked_ms, is_taken=is_taken)


def _settle(
    world: World, item: Item, receipt: Receipt, delivery: str, parked_ms: float, *, is_taken: bool
) -> None:
    waited = round(receipt.elapsed_ms, 1), round(parked_ms, 1)
    world.journal.note(_ANSWERED, item.order, (delivery, receipt.status, *waited, receipt.problem))
    if is_taken:
        item.is_answered_well = True
        acknowledge(world, item)
        if world.given_up:
            world.given_up[item.door] = 0
        note_delivered(world, item)


def conclude(world: World, item: Item) -> None:
    """Queue the next attempt where no copy was acknowledged; an attacker's event is sent once and for all."""
    if item.is_answered_well or item.is_attack or item.to is not None:
        return
    if not world.delivered.isdisjoint(keys(item, world)):
        return
    if not world.outbox.retry(item, world.clock.now_ms()):
        give_up(world, item)
