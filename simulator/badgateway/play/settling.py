"""Settlement as steps of a story, and the report that the integration makes of it."""

from __future__ import annotations

from collections.abc import Callable

from badgateway.payments.reports import report_id
from badgateway.plan.model import Step
from badgateway.play.account import Account
from badgateway.play.keeping import ADJUST, PAY_OUT, SETTLE, keep_settlement
from badgateway.play.posting import post_due
from badgateway.play.stage import Stage
from badgateway.play.telling import tell
from badgateway.play.values import clock_values
from badgateway.play.world import World

_SIGNS = {"reserve": -1, "charge": -1, "release": 1, "credit": 1}


async def settle(stage: Stage, step: Step) -> None:
    """Settle what has moved since the last time."""
    flaws = {known: flaw for order, flaw in step.flaws.items() for known in stage.world.dossiers.owned(order)}
    flaw = step.flaw

    def at(account: Account, cause: str) -> bool:
        nonlocal flaw
        keep = {"flaw": flaw, "flaws": flaws, "short_minor": step.amount_minor}
        is_any = bool(account.book.settlement.settle(cause, flaw, flaws, step.amount_minor))
        keep_settlement(stage.world, account, SETTLE, keep, cause)
        # The one line that is told wrongly is the first provider's who has one.
        flaw = None if is_any else flaw
        return is_any

    _act(stage, step, at, "nothing has moved")


async def adjust(stage: Stage, step: Step) -> None:
    """Change the balance outside of any payment; of several providers at the first."""
    assert step.amount_minor is not None, "an adjustment has an amount"
    assert step.currency is not None, "an amount has a currency"
    reason = step.reason or "charge"
    amount, currency = _SIGNS[reason] * step.amount_minor, step.currency
    first = _accounts(stage.world, step)[0]

    def at(account: Account, cause: str) -> bool:
        if account is not first:
            return False
        account.book.settlement.adjust(amount, currency, reason, cause)
        values = {"amount_minor": amount, "currency": currency, "reason": reason}
        keep_settlement(stage.world, account, ADJUST, values, cause)
        return True

    _act(stage, step, at, "")


async def pay_out(stage: Stage, step: Step) -> None:
    """Pay out what is settled, tell it, and let the integration make its report."""

    def at(account: Account, cause: str) -> bool:
        settlement = account.book.settlement
        # A balance that is not positive waits for more: that is what such a day is like, no missed step.
        is_any = any(line.payout_id is None for line in settlement.lines())
        paid = settlement.pay_out(cause, step.by_ms)
        keep_settlement(stage.world, account, PAY_OUT, {"late_ms": step.by_ms}, cause)
        return bool(paid) or is_any

    _act(stage, step, at, "nothing settled is left")
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


def _act(stage: Stage, step: Step, at: Callable[[Account, str], bool], why_not: str) -> None:
    """Act in every account that a step is about; it was for nothing only where it was so in each of them."""
    world, cause, done = stage.world, f"act:{step.do}", []
    for account in _accounts(world, step):
        account.cause = cause
        done.append(at(account, cause))
    world.journal.write("op.acted", None, do=step.do, payment=None, detail=step.flaw or step.reason)
    if not any(done):
        world.journal.write("run.skipped", None, step=step.n, do=step.do, why=why_not, is_planned=False)
    tell(world)


def _accounts(world: World, step: Step) -> list[Account]:
    """Give the merchant's accounts that a step is about, one for each provider that keeps its money.

    An orchestrator that sends payments on keeps none: the providers behind it do.
    """
    keeping = [one for one in world.dialects if not world.plan.behind or one.name in world.plan.behind]
    named = [one for one in keeping if step.provider in {None, one.name}]
    return [world.account_named(step.merchant, one) for one in named]
