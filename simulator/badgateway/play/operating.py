"""Sending operations to the integration: with what values they are asked, and what came back."""

from __future__ import annotations

from badgateway.ground.barrier import Barrier
from badgateway.ground.money import decimal_text
from badgateway.integration.template import names, texts
from badgateway.plan.model import Step
from badgateway.play.planting import BY_CARD, card_values
from badgateway.play.stage import Stage
from badgateway.play.values import cards_of, clock_values, order_values, total_values

AMOUNTS = ("pay", "open", "increment", "capture", "refund", "renew")


async def open_order(stage: Stage, step: Step) -> bool:
    """Make the order known to the integration before its first operation; False: the step cannot apply."""
    name = step.order
    if not stage.handle.offers(step.do):
        skip(stage, step, f"badgateway.yaml describes no operation {step.do!r}")
        return False
    if name is None or name in stage.captured:
        return name is None or _can_be_told(stage, step, name)
    if step.renews is not None:
        return _open_period(stage, step, name)
    stage.captured[name] = {}
    if not stage.handle.offers("open"):
        return await type_card(stage, step)
    task = stage.spawn(operate(stage, Step(step.n, "open", name)))
    await stage.drive(task)
    if task.result() == "ok":
        return await type_card(stage, step)
    skip(stage, step, "the order could not be opened")
    return False


def _can_be_told(stage: Stage, step: Step, name: str) -> bool:
    """Say whether the integration hears of a new price; who is never told of one cannot charge it."""
    is_requoted = step.do == "pay" and step.amount_minor not in {
        None,
        stage.world.plan.order(name).amount_minor,
    }
    asked = stage.handle.description.operations.get(step.do)
    if not is_requoted or asked is None:
        return True
    places = [asked.path, asked.headers, asked.json, asked.form]
    if {word for _, text in texts(places) for word in names(text)} & {"amount", "amount_minor"}:
        return True
    skip(stage, step, "the request that pays names no amount, so the new price would never be told")
    return False


def _open_period(stage: Stage, step: Step, name: str) -> bool:
    """Let the renewal itself open the order of its period."""
    if step.renews not in stage.captured:
        skip(stage, step, f"{step.renews} was not opened")
        return False
    stage.captured[name] = {}
    return True


async def type_card(stage: Stage, step: Step) -> bool:
    """Type a made-up card number into the checkout, where the story asks for it; False: there is no field."""
    name = step.order
    if BY_CARD not in stage.world.plan.canary or name is None:
        return True
    if not stage.handle.offers("card"):
        skip(stage, step, "badgateway.yaml describes no operation 'card'")
        return False
    await stage.drive(stage.spawn(operate(stage, Step(step.n, "card", name))))
    return True


async def operate(stage: Stage, step: Step, barrier: Barrier | None = None) -> str:
    """Send one operation, journal it, and give its outcome; in a race its last byte waits for the others."""
    world, name = stage.world, step.order
    stage.operations += 1
    op = f"op{stage.operations}"
    intent = _decision(stage, step)
    values = order_values(stage, name) if name is not None else clock_values(stage)
    currency = None
    if name is not None:
        currency = step.currency or world.plan.order(name).currency
        values |= _amounts(stage, step, name, currency)
        if step.do == "card":
            values |= card_values(world)
        if step.card is not None:
            values["order.card"] = world.dialect.cards[step.card]
            values["order.cards"] = cards_of(world, step.card)
    amount = values.get("amount_minor") if step.do in AMOUNTS else None
    instance = world.copies.next("operation")
    world.journal.write(
        "op.invoked",
        name,
        op=op,
        step=step.n,
        do=step.do,
        amount_minor=amount,
        currency=currency,
        intent=intent,
        instance=instance,
    )
    parked = world.gates.parked_ms
    handle = stage.copies[instance] if instance is not None else stage.handle
    result = await handle.operate(step.do, values, barrier)
    if not result.is_sent:
        skip(stage, step, result.problem or "no request could be made")
    if name is not None:
        stage.captured.setdefault(name, {}).update(result.captured)
        if step.do == "increment" and result.outcome == "ok":
            stage.raised_minor[name] = stage.raised_minor.get(name, 0) + (step.amount_minor or 0)
    if step.renews is not None and result.outcome == "fail" and result.status is None:
        # Nothing was made of it, so there is no order that could be looked at.
        skip(stage, step, f"the integration would not renew {step.renews}: HTTP {result.http_status}")
        stage.captured.pop(str(name), None)
    world.journal.write(
        "op.returned",
        name,
        op=op,
        do=step.do,
        outcome=result.outcome,
        http_status=result.http_status,
        status=result.status,
        elapsed_ms=round(result.elapsed_ms, 1),
        problem=result.problem,
        parked_ms=round(world.gates.parked_ms - parked, 1),
    )
    return result.outcome


async def sync(stage: Stage, n: int = 0) -> None:
    """Trigger the integration's own look-up job: once, or for each order where its request names one."""
    for name in sync_orders(stage):
        await stage.drive(stage.spawn(operate(stage, Step(n, "sync", name))))


def sync_orders(stage: Stage) -> tuple[str | None, ...]:
    """Give the orders that one look-up job is asked about, one request each; (None,): it names none."""
    template = stage.handle.description.operations["sync"]
    return tuple(stage.captured) if "{order." in repr(template) else (None,)


def _decision(stage: Stage, step: Step) -> str:
    """Name the decision that an operation belongs to; each refund and each raise is one of its own."""
    name = step.order or ""
    counts = {"refund": stage.refunds, "increment": stage.increments}.get(step.do)
    if counts is None or not name:
        return name
    counts[name] = counts.get(name, 0) + 1
    return f"{name}/{step.do}{counts[name]}"


def _amounts(stage: Stage, step: Step, name: str, currency: str) -> dict[str, object]:
    """Give the amounts that an operation is about; none where it is about the order as it is."""
    if step.amount_minor is None:
        return _everything(stage, step.do, name, currency) if step.do in {"refund", "capture"} else {}
    stated = {"amount": decimal_text(step.amount_minor, currency), "amount_minor": step.amount_minor}
    if step.do == "increment":
        return stated | total_values(stage, name, step.amount_minor, currency)
    return stated


def _everything(stage: Stage, do: str, name: str, currency: str) -> dict[str, object]:
    """Give the amount that a refund or capture without one means: all that the integration says is left."""
    order = stage.world.plan.order(name)
    view = stage.views.get(name)
    left = order.amount_minor + stage.raised_minor.get(name, 0)
    if do == "refund" and view is not None and view.paid_minor is not None:
        left = max(0, view.paid_minor - (view.refunded_minor or 0)) or order.amount_minor
    return {"amount": decimal_text(left, currency), "amount_minor": left}


def skip(stage: Stage, step: Step, why: str) -> None:
    """Journal a step that could not apply."""
    stage.world.journal.write("run.skipped", step.order, step=step.n, do=step.do, why=why, is_planned=False)
