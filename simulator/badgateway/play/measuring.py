"""Reading the integration's own account of itself: its counters, and its records of transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from badgateway.integration.exposition import read_samples, read_series
from badgateway.play.world import World

if TYPE_CHECKING:
    from badgateway.integration.handle import Handle
    from badgateway.integration.model import ViewRead


async def measure(world: World, handle: Handle, when: str) -> None:
    """Journal the declared counters; looks for canaries in metrics and log files on the way."""
    counters = handle.description.counters
    if when == "start" and not counters:
        return
    text, problem = await handle.look_around(), None
    if not counters:
        return
    values: dict[str, float] = {}
    try:
        samples = read_samples(text or "")
        values = {name: read_series(series).total(samples) for name, series in counters.items()}
    except ValueError as error:
        problem = str(error)
    if text is None:
        problem = "the metrics could not be read"
    world.journal.write(
        "telemetry.read",
        when=when,
        counters={} if problem else values,
        is_alone=handle.watch.is_alone,
        problem=problem,
    )


def note_transitions(world: World, order: str, view: ViewRead) -> None:
    """Journal what an order's transition records hold, as far as the law asks."""
    if view.transitions is None:
        return
    world.journal.write(
        "telemetry.transitions",
        order,
        reported=len(view.transitions),
        without_correlation=sum(not one.correlation for one in view.transitions),
        without_actor=sum(not one.actor for one in view.transitions),
        actors=sorted({one.actor for one in view.transitions if one.actor}),
        last=view.transitions[-1].to if view.transitions else None,
        shown=view.raw,
    )
