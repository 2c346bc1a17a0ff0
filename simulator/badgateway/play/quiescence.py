"""Letting virtual time pass, and coming to rest: heal, deliver, retry, sync, read, until nothing changes."""

from __future__ import annotations

import asyncio

from badgateway.play.gates import CALLS_MAX
from badgateway.play.intruding import intrusions
from badgateway.play.keeping import keep_due
from badgateway.play.life import recover, restart
from badgateway.play.operating import sync
from badgateway.play.posting import post_due
from badgateway.play.settling import read_reconciliation, read_settlement
from badgateway.play.stage import Stage
from badgateway.play.telling import tell
from badgateway.play.views import read_opened, read_view
from badgateway.providers.base import StandsBefore

ROUNDS_MAX = 200
HORIZON_MS = 14 * 24 * 3_600_000  # virtual; the longest ladder and the longest pending method fit twice


async def pass_time(stage: Stage, until_ms: int, why: str) -> None:
    """Move virtual time to a moment, stopping at everything that falls due on the way."""
    world = stage.world
    while (due := _next_due(stage)) is not None and due <= until_ms:
        await _jump(stage, due, why)
    before = world.clock.now_ms()
    world.clock.jump_to(until_ms)
    world.journal.write("run.advanced", by_ms=world.clock.now_ms() - before, why=why)


async def come_to_rest(stage: Stage) -> None:
    """Heal all faults and go on until a round changes nothing; then read every view a last time."""
    world = stage.world
    await _attack(stage)
    world.faults.heal()
    world.journal.write("run.phase", name="heal")
    if stage.was_killed:
        await restart(stage)
    await recover(stage)
    is_late_sent, rounds, before = False, 0, _state(stage)
    while rounds < ROUNDS_MAX:
        rounds += 1
        await post_due(stage)
        due = _next_due(stage, is_patient=False)
        if due is not None and due <= world.clock.started_ms + HORIZON_MS:
            await _jump(stage, due, "due")
            continue
        if world.outbox.unblock(world.delivered):
            world.journal.write(
                "run.barrier",
                what="an event that a delivery waited for never came",
                is_achieved=False,
                strength="gate",
                waited_ms=0,
            )
            continue
        await _look_again(stage)
        await read_opened(stage, "rest")
        state = _state(stage)
        if state == before and not is_late_sent:
            is_late_sent = True
            if world.outbox.release_late(world.clock.now_ms()):
                continue
        if state == before and not await _ask_behind(stage):
            break
        before = state
    world.journal.write("run.phase", name="final_read")
    for order in world.plan.orders:
        if order.name in stage.captured:
            await read_view(stage, order.name, "final")
    await read_settlement(stage)
    await read_reconciliation(stage)
    _finish(stage, rounds)


def _finish(stage: Stage, rounds: int) -> None:
    declares, why = stage.handle.description.declares, None
    if rounds >= ROUNDS_MAX:
        why = f"still changing after {ROUNDS_MAX} rounds"
    elif stage.world.gates.is_flooded:
        why = f"the integration made more than {CALLS_MAX} calls; what came after them was not answered"
    elif stage.handle.exit_code() is not None:
        why = "the integration is not running"
    elif stage.world.outbox.items:
        days = HORIZON_MS // (24 * 3_600_000)
        why = f"{len(stage.world.outbox.items)} webhooks fall due more than {days} days after the start"
    elif (
        declares.background_ms is None
        and declares.poll_interval_ms is None
        and not stage.handle.offers("sync")
    ):
        why = (
            "what the integration does later is not known: declare background or poll_interval in "
            "badgateway.yaml, or describe its sync operation"
        )
    stage.world.journal.write(
        "run.finished",
        is_quiescent=why is None,
        rounds=rounds,
        why=why,
        quiet_ms=round(stage.world.gates.quiet_ms, 1),
    )


def _state(stage: Stage) -> tuple[object, ...]:
    """Give what must be the same before and after a look-up: then nothing is on its way any more."""
    world = stage.world
    # Asking again under the same key is a way to look: it is answered from memory and changes nothing.
    return (
        dict(stage.views),
        len(world.outbox.items),
        world.ledger_seen,
        world.changes,
        world.effects_seen,
    )


async def _attack(stage: Stage) -> None:
    """Send what an attacker has prepared, before anything is healed; what waits or is late comes later."""
    stage.world.outbox.add(list(intrusions(stage.world)))
    await post_due(stage)


async def _look_again(stage: Stage) -> None:
    """Trigger what the integration would do later, or wait as long as it says it takes."""
    declares = stage.handle.description.declares
    if stage.handle.offers("sync"):
        await sync(stage)
        return
    wait_ms = max(declares.background_ms or 0, (declares.poll_interval_ms or 0) * 1.5)
    if declares.background_ms is None and declares.poll_interval_ms is None:
        wait_ms = 200.0
    if wait_ms:
        await stage.drive(stage.spawn(asyncio.sleep(wait_ms / 1000)))


def _next_due(stage: Stage, *, is_patient: bool = True) -> int | None:
    """Give when the next thing falls due: a delivery, or something the provider does by itself."""
    world = stage.world
    dues = [world.outbox.next_due_ms(world.delivered)]
    dues += [account.book.next_due_ms(with_expiry=is_patient) for account in world.accounts]
    dues += [_next_look(stage)] if is_patient else []
    return min((due for due in dues if due is not None), default=None)


def _next_look(stage: Stage) -> int | None:
    """Give when an orchestrator asks by itself after what it was not told of."""
    world, dialect = stage.world, stage.world.dialect
    if not isinstance(dialect, StandsBefore):
        return None
    looks = (dialect.next_look_ms(account) for account in world.accounts_at())
    return min((one for one in looks if one is not None), default=None)


async def _ask_behind(stage: Stage) -> bool:
    """Let an orchestrator ask once more, now that whatever was to be told was told; says if it had cause."""
    look = _next_look(stage)
    if look is not None:
        await _jump(stage, look, "due")
    return look is not None


async def _jump(stage: Stage, due: int, why: str) -> None:
    world = stage.world
    before = world.clock.now_ms()
    world.clock.jump_to(due)
    if world.clock.now_ms() > before:
        world.journal.write("run.advanced", by_ms=world.clock.now_ms() - before, why=why)
    for account in world.accounts:
        account.cause = "act:due"
        account.book.run_due()
    keep_due(world, why)
    tell(world)
    await post_due(stage)
