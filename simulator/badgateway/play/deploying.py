"""A deployment: the next version runs beside the one before it, both live, until the old one retires."""

from __future__ import annotations

from badgateway.errors import IntegrationDown
from badgateway.ground.clock import monotonic_ms
from badgateway.integration.handle import Handle
from badgateway.plan.model import Step
from badgateway.play.copies import NEW, OLD
from badgateway.play.operating import skip
from badgateway.play.stage import Stage


async def deploy(stage: Stage, step: Step) -> None:
    """Start the next version beside the running one; from now on they take turns."""
    following = stage.handle.following()
    if following is None:
        skip(stage, step, "badgateway.yaml does not say how to start the next version (start.next)")
        return
    since = monotonic_ms()
    try:
        await following.start()
    except IntegrationDown as error:
        stage.world.journal.write("process.exited", pid=0, code=-1, is_expected=False, tail=str(error))
        raise
    stage.copies = {OLD: stage.handle, NEW: following}
    copies = stage.world.copies
    copies.home = stage.handle.base_url
    copies.bases = {name: handle.base_url for name, handle in stage.copies.items()}
    stage.world.journal.write(
        "process.started",
        pid=following.pid or 0,
        ready_ms=round(monotonic_ms() - since, 1),
        instance=NEW,
    )


async def retire(stage: Stage, step: Step) -> None:
    """End the old version politely; the new one goes on alone."""
    old = stage.copies.get(OLD)
    if old is None:
        skip(stage, step, "no next version was deployed")
        return
    pid = old.pid or 0
    await old.stop()
    stage.world.journal.write(
        "process.exited", pid=pid, code=old.exit_code() or 0, is_expected=True, tail="", instance=OLD
    )
    del stage.copies[OLD], stage.world.copies.bases[OLD]
    stage.handle = stage.copies[NEW]


async def put_back(stage: Stage, first: Handle) -> None:
    """End what a deployment started, and start the first version again where it was retired."""
    following = stage.copies.get(NEW)
    if following is not None:
        await following.stop()
    if stage.handle is not first:
        stage.handle = first
        await first.start()
