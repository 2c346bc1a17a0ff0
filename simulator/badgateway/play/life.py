"""The second life of the process under test: started again, and given its time to recover."""

from __future__ import annotations

import asyncio

from badgateway.errors import IntegrationDown
from badgateway.ground.clock import monotonic_ms
from badgateway.play.stage import Stage


async def restart(stage: Stage) -> None:
    """Start a killed process again, and journal how that went."""
    journal = stage.world.journal
    for handle in stage.running:
        since = monotonic_ms()
        try:
            await handle.start()
        except IntegrationDown as error:
            journal.write("process.exited", pid=0, code=-1, is_expected=False, tail=str(error))
            raise
        journal.write("process.started", pid=handle.pid or 0, ready_ms=round(monotonic_ms() - since, 1))
    stage.was_killed = stage.is_struck_down = False


async def recover(stage: Stage) -> None:
    """Give the process its declared time to be well again."""
    declares = stage.handle.description.declares
    if declares.recovery_ms:
        await stage.drive(stage.spawn(asyncio.sleep(declares.recovery_ms / 1000)))


async def revive(stage: Stage) -> None:
    """Start a process again that was killed at a barrier; one that a step killed waits for its own step."""
    if stage.is_struck_down:
        await restart(stage)
        await recover(stage)
