"""Bringing one due webhook to the integration: sign, send, pass the calls it causes, journal, retry."""

from __future__ import annotations

import asyncio

from badgateway.ground.clock import monotonic_ms, wall_ms
from badgateway.plan.model import PlannedDelivery, Selector
from badgateway.play.exchange import Call
from badgateway.play.life import revive
from badgateway.play.stage import Stage
from badgateway.play.telling import keys
from badgateway.play.views import read_view
from badgateway.play.world import World
from badgateway.providers.base import Dialect, Endpoint
from badgateway.webhooks.deliver import Courier, Parcel, Receipt
from badgateway.webhooks.outbox import Item

STALE_S = 3_600  # older than any tolerance in use (Stripe's libraries: 300 s)
PATIENCE_MS_MAX = 200.0  # real; how long a parked call waits for the answer that may come without it
_WRONG_SECRET = "whsec_of_somebody_else"  # noqa: S105 - an attacker's guess, nobody's secret


async def post_due(stage: Stage) -> None:
    """Deliver everything that is due now, in the outbox's order."""
    world = stage.world
    while item := world.outbox.take_due(world.clock.now_ms(), world.delivered):
        await post(stage, item)


async def post(stage: Stage, item: Item) -> None:
    """Deliver one item, all its copies."""
    if item.how == "at_once" and item.copies > 1:
        await _post_at_once(stage, item)
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
    if item.order is not None and item.order in stage.captured:
        await read_view(stage, item.order, "webhook")


async def _post_and_kill(stage: Stage, item: Item) -> None:
    """Deliver an event, and kill the process in the moment in which it acknowledges it."""
    world, since = stage.world, monotonic_ms()
    task = stage.spawn(stage.courier.send(pack(world, item, 1)))
    patience_ms = min(stage.cutoff_ms / 4, PATIENCE_MS_MAX)
    while not task.done():
        # A handler that asks before it answers is let through; what asks beside the answer waits for it in vain.
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
    copies = range(1, item.copies + 1)
    if item.how == "at_once":
        parcels = [pack(world, item, copy) for copy in copies]
        for receipt in await asyncio.gather(*courier.send_at_once(parcels, cutoff_ms)):
            settle(world, item, receipt)
    else:
        for copy in copies:
            settle(world, item, await courier.send(pack(world, item, copy)))
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


def pack(world: World, item: Item, copy: int) -> Parcel:
    """Sign and journal one copy of a delivery."""
    endpoint = world.endpoint
    assert endpoint is not None, "nothing is queued for an integration without an endpoint"
    world.sent += 1
    is_again = copy > 1 or item.delivered > 0
    kind = "duplicate" if item.kind == "genuine" and is_again and item.attempt == 1 else item.kind
    delivery = f"delivery{world.sent}"
    world.journal.write(
        "webhook.sent",
        item.order,
        delivery=delivery,
        event=item.event.id,
        name=item.event.name,
        wire_type=item.event.wire_type,
        attempt=item.attempt,
        copy=copy,
        how=item.how,
        signature=item.signature,
        **{"class": kind},
    )
    item.delivered += 1
    return Parcel(delivery, endpoint.url, item.event.body, _signed(world.dialect, item, endpoint))


def _signed(dialect: Dialect, item: Item, endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    now_s, body = wall_ms() // 1000, item.event.body
    plain = (
        ("Content-Type", "application/json; charset=utf-8"),
        ("User-Agent", f"badgateway ({dialect.name})"),
    )
    match item.signature:
        case "none":
            return plain
        case "garbage":
            wrong = Endpoint(endpoint.url, _WRONG_SECRET)
            return (*plain, *dialect.sign(body, wrong, now_s))
        case "other_tenant":
            other = Endpoint(endpoint.url, endpoint.secret + "_of_another_tenant")
            return (*plain, *dialect.sign(body, other, now_s))
        case "stale":
            return (*plain, *dialect.sign(body, endpoint, now_s - STALE_S))
        case "rotated":
            rolled = Endpoint(endpoint.url, endpoint.secret + "_next", old_secret=endpoint.secret)
            return (*plain, *dialect.sign(body, rolled, now_s))
    return (*plain, *dialect.sign(body, endpoint, now_s))


def settle(world: World, item: Item, receipt: Receipt, parked_ms: float = 0.0) -> None:
    """Journal what the integration answered, and remember what it acknowledged."""
    world.journal.write(
        "webhook.answered",
        item.order,
        delivery=receipt.delivery,
        status=receipt.status,
        elapsed_ms=round(receipt.elapsed_ms, 1),
        parked_ms=round(parked_ms, 1),
        problem=receipt.problem,
    )
    # Whoever answers 200 to a forgery, even to ignore it, has not been told of the event that it imitates.
    is_true = item.kind not in ("forged", "foreign")
    if is_true and receipt.status is not None and 200 <= receipt.status < 300:
        world.delivered.update(keys(item, world))


def conclude(world: World, item: Item) -> None:
    """Queue the next attempt where no copy was acknowledged; an attacker's event is sent once and for all."""
    if item.kind in ("forged", "stale", "foreign") or world.delivered.intersection(keys(item, world)):
        return
    if not world.outbox.retry(item, world.clock.now_ms()):
        world.journal.write(
            "webhook.lost", item.order, event=item.event.id, name=item.event.name, why="exhausted"
        )
        # Whatever waits for this event need not wait any longer.
        world.delivered.update(keys(item, world))
