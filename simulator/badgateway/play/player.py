"""Playing one plan against the running integration, from its first step to its final reads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from badgateway.errors import IntegrationDown
from badgateway.integration.handle import Handle
from badgateway.journal.entry import Entry
from badgateway.plan.materialise import to_data
from badgateway.plan.terms import why_unfit
from badgateway.play.deploying import put_back
from badgateway.play.intruding import strangers
from badgateway.play.loading import ask_meanwhile, end_load
from badgateway.play.measuring import measure
from badgateway.play.operating import skip
from badgateway.play.planting import plant
from badgateway.play.posting import post_before_reply
from badgateway.play.promising import hold_to_contract
from badgateway.play.quiescence import come_to_rest
from badgateway.play.recording import masked
from badgateway.play.stage import Stage
from badgateway.play.steps import take
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier

LOOKS_MAX, LOOK_S = 50, 0.002  # real


async def play(world: World, handle: Handle, courier: Courier, role: str) -> None:
    """Play a world's plan into its journal. Raises IntegrationDown where the integration died."""
    stage = Stage(world, handle, courier, post_before_reply, ask_meanwhile)
    _begin(world, handle, role)
    planted = plant(world, handle.watch)
    handle.watch.begin()
    try:
        await measure(world, handle, "start")
        await _play(stage)
        await hold_to_contract(world)
    finally:
        handle.watch.end()
        await put_back(stage, handle)
        for one in planted:
            handle.watch.pull(one)


async def _play(stage: Stage) -> None:
    world = stage.world
    world.journal.write("run.phase", name="steps")
    world.outbox.add(list(strangers(world)))
    missing = _missing_merchants(world) or why_unfit(world.plan, stage.handle.description.in_turn)
    for step in world.plan.steps:
        since = len(world.journal.entries)
        if missing:
            skip(stage, step, missing)
            continue
        await take(stage, step)
        await _check_alive(stage, f"step {step.n} ({step.do})", since)
    await end_load(stage)
    since = len(world.journal.entries)
    await come_to_rest(stage)
    await measure(world, stage.handle, "end")
    await _check_alive(stage, "coming to rest", since)


def _begin(world: World, handle: Handle, role: str) -> None:
    plan, description = world.plan, handle.description
    declares, view = description.declares, description.view
    shown = {"paid": view.paid, "refunded": view.refunded, "currency": view.currency, "refs": view.refs}
    judgeable = [
        "status",
        *(name for name, path in shown.items() if path),
        *(["effects"] if view.effects else []),
        *(["settlement"] if description.settlement is not None else []),
        *(["reconciliation"] if description.reconciliation is not None else []),
        *(["sink"] if description.effects else []),
        *(["counters"] if description.counters else []),
        *(["transitions"] if description.transitions else []),
    ]
    world.journal.write(
        "run.started",
        scenario=plan.scenario,
        title=plan.title,
        case=plan.case,
        seed=plan.seed,
        nonce=world.ids.nonce,
        role=role,
        plan=to_data(plan),
        integration=description.name,
        revision=handle.revision,
        declares={name: getattr(declares, name) for name in declares.__dataclass_fields__}
        | {"effects_due": {door.name: door.due_on for door in description.effects if door.due_on}},
        judgeable=judgeable,
        provider=plan.provider,
        is_strict=plan.is_strict,
    )
    for merchant, tenant in world.tenants.items():
        if merchant is not None:
            world.journal.write(
                "run.merchant",
                merchant=merchant,
                called=tenant.name,
                credential=masked(tenant.api_key),
                is_live=tenant.is_live,
                acts_for=[name for name, one in world.tenants.items() if one.through == tenant.name],
            )
    for order in plan.orders:
        world.journal.write(
            "run.order",
            order.name,
            reference=world.reference(order.name),
            amount_minor=order.amount_minor,
            currency=order.currency,
            capture=order.capture,
            card=order.card,
            shopper=order.shopper["name"],
        )


def _missing_merchants(world: World) -> str:
    """Say why a story of several merchants cannot be played; empty where it can."""
    needed, there = len(world.plan.merchants), len(world.tenants)
    if needed <= max(there, 1):
        return ""
    return f"the story has {needed} merchants, badgateway.yaml names {there or 'none'} under merchants"


async def _check_alive(stage: Stage, when: str, since: int) -> None:
    if stage.was_killed:
        return
    seen = stage.world.journal.entries[since:]
    if any(_is_unanswered(entry) for entry in seen):
        await _hear_of_its_end(stage.handle)
    if stage.handle.description.start is None and _is_refused(seen):
        raise IntegrationDown(
            f"{stage.world.plan.scenario}: the integration cannot be reached any more since {when}: "
            "connection refused; it is not ours to start again"
        )
    code = stage.handle.exit_code()
    if code is None:
        return
    tail = stage.handle.tail()
    stage.world.journal.write(
        "process.exited", pid=stage.handle.pid or 0, code=code, is_expected=False, tail=tail
    )
    raise IntegrationDown(
        f"{stage.world.plan.scenario}: the integration died with exit code {code} during {when}; "
        f"its last lines:\n{tail}"
    )


def _is_unanswered(entry: Entry) -> bool:
    if entry.kind == "view.read":
        return entry.data["problem"] is not None
    said = {"op.returned": "http_status", "webhook.answered": "status"}.get(entry.kind)
    return said is not None and entry.data[said] is None


def _is_refused(entries: Sequence[Entry]) -> bool:
    """Say whether the last thing that was asked of it found nobody listening."""
    asked = [entry for entry in entries if entry.kind in {"op.returned", "view.read"}]
    return bool(asked) and str(asked[-1].data["problem"] or "").startswith("connection refused")


async def _hear_of_its_end(handle: Handle) -> None:
    """Wait a moment for news of its end: a process that dies closes its sockets before its end is told."""
    for _ in range(LOOKS_MAX):
        if handle.exit_code() is not None or handle.description.start is None:
            return
        await asyncio.sleep(LOOK_S)
