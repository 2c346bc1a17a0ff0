"""Settlement as steps of a story, and the report that the integration makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from badgateway.payments.reports import report_id
from badgateway.plan.model import Step
from badgateway.play.keeping import ADJUST, PAY_OUT, SETTLE, keep_settlement
from badgateway.play.posting import post_due
from badgateway.play.stage import Stage
from badgateway.play.telling import tell
from badgateway.play.values import clock_values

_SIGNS = {"reserve": -1, "charge": -1, "release": 1, "credit": 1}


async def settle(stage: Stage, step: Step) -> None:
    """Settle what has moved since the last time."""
    world = stage.world
    settlement = world.account_named(step.merchant).book.settlement
    flaws = {known: flaw for order, flaw in step.flaws.items() for known in world.dossiers.owned(order)}
    what = (SETTLE, {"flaw": step.flaw, "flaws": flaws, "short_minor": step.amount_minor})
    _act(
        stage,
        step,
        lambda cause: bool(settlement.settle(cause, step.flaw, flaws, step.amount_minor)),
        "nothing has moved",
        what,
    )


async def adjust(stage: Stage, step: Step) -> None:
    """Change the balance outside of any payment."""
    assert step.amount_minor is not None, "an adjustment has an amount"
    assert step.currency is not None, "an amount has a currency"
    settlement = stage.world.account_named(step.merchant).book.settlement
    reason = step.reason or "charge"
    amount, currency = _SIGNS[reason] * step.amount_minor, step.currency
    what = (ADJUST, {"amount_minor": amount, "currency": currency, "reason": reason})
    _act(stage, step, lambda cause: bool(settlement.adjust(amount, currency, reason, cause)), "", what)


async def pay_out(stage: Stage, step: Step) -> None:
    """Pay out what is settled, tell it, and let the integration make its report."""
    settlement = stage.world.account_named(step.merchant).book.settlement
    # A balance that is not positive waits for more: that is what such a day is like, and no missed step.
    is_any = any(line.payout_id is None for line in settlement.lines())
    what = (PAY_OUT, {"late_ms": step.by_ms})
    _act(
        stage,
        step,
        lambda cause: bool(settlement.pay_out(cause, step.by_ms)) or is_any,
        "nothing settled is left",
        what,
    )
    await post_due(stage)
    await read_settlement(stage)
    await read_reconciliation(stage)


async def read_settlement(stage: Stage) -> None:
    """Ask for the integration's settlement report and journal it, where there was a payout to report."""
    world = stage.world
    ours = {payout.id for account in world.accounts for payout in account.book.settlement.payouts()}
    if not ours or not stage.handle.offers("settlement"):
        return
    task = stage.spawn(stage.handle.settlement())
    await stage.drive(task)
    read = task.result()
    # A report may go back further than this play, and what is older is of no concern here.
    world.journal.write(
        "settlement.read",
        rows=[dict(row) for row in read.rows if row["payout"] in ours],
        shows=list(read.shows),
        is_readable=read.is_readable,
        problem=read.problem,
    )


async def read_reconciliation(stage: Stage) -> None:
    """Ask for the exceptions of the integration's reconciliation and journal those about this play."""
    world = stage.world
    paid = [payout for account in world.accounts for payout in account.book.settlement.payouts()]
    if not paid or not stage.handle.offers("reconciliation"):
        return
    task = stage.spawn(stage.handle.reconciliation(clock_values(stage)))
    await stage.drive(task)
    read = task.result()
    named = [known for one in world.plan.orders for known in world.dossiers.owned(one.name)]
    ours = {*world.orders, *named, *(known for one in paid for known in (one.id, report_id(one.id)))}
    world.journal.write(
        "reconciliation.read",
        rows=[dict(row) for row in read.rows if ours.intersection(row["references"])],
        shows=list(read.shows),
        is_readable=read.is_readable,
        problem=read.problem,
    )


def _act(
    stage: Stage,
    step: Step,
    do: Callable[[str], bool],
    why_not: str,
    what: tuple[str, Mapping[str, object]],
) -> None:
    world, cause = stage.world, f"act:{step.do}"
    account = world.account_named(step.merchant)
    account.cause = cause
    is_done = do(cause)
    keep_settlement(world, account, *what, cause)
    world.journal.write("op.acted", None, do=step.do, payment=None, detail=step.flaw or step.reason)
    if not is_done:
        world.journal.write("run.skipped", None, step=step.n, do=step.do, why=why_not, is_planned=False)
    tell(world)
