"""Reading what the integration says about each order, after everything that happens to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from badgateway.play.measuring import note_transitions
from badgateway.play.stage import Stage
from badgateway.play.values import order_values

if TYPE_CHECKING:
    from badgateway.integration.model import ViewRead


async def read_view(stage: Stage, order: str, after: str) -> ViewRead:
    """Read and journal the view of one order."""
    task = stage.spawn(stage.handle.view(order_values(stage, order)))
    await stage.drive(task)
    view: ViewRead = task.result()
    stage.world.journal.write(
        "view.read",
        order,
        status=view.status,
        raw=view.raw,
        paid_minor=view.paid_minor,
        refunded_minor=view.refunded_minor,
        currency=view.currency,
        refs=list(view.refs) if view.refs is not None else None,
        effects=dict(view.effects),
        is_readable=view.is_readable,
        problem=view.problem,
        after=after,
    )
    if after == "final":
        note_transitions(stage.world, order, view)
    stage.views[order] = view
    stage.seen_at[order] = stage.moment()
    return view


async def read_opened(stage: Stage, after: str) -> None:
    """Read the view of each order that was opened, where anything happened since its last."""
    for order in stage.world.plan.orders:
        if order.name in stage.captured and stage.seen_at.get(order.name) != stage.moment():
            await read_view(stage, order.name, after)
