"""From payouts of the book to journal entries, and to the events that tell them."""

from __future__ import annotations

from badgateway.payments.reports import report_id
from badgateway.payments.settlement import Line, Payout, as_stated
from badgateway.play.account import Account
from badgateway.play.world import World
from badgateway.providers.base import Settling, WireEvent


def payout_events(world: World, payout: Payout, account: Account) -> tuple[WireEvent, ...]:
    """Journal a payout of an account with its lines, and give the events that tell it."""
    _journal(world, payout)
    if not isinstance(account.dialect, Settling):
        return ()
    return account.dialect.payout_events(payout, account)


def _journal(world: World, payout: Payout) -> None:
    world.journal.write(
        "settlement.payout",
        payout=payout.id,
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        cause=payout.cause,
        facts=list(payout.facts),
    )
    world.journal.write(
        "settlement.report",
        report=report_id(payout.id),
        payout=payout.id,
        total_minor=payout.amount_minor,
        currency=payout.currency,
        due_ms=payout.due_ms,
        ready_ms=payout.report_ms,
    )
    for line in payout.lines:
        _journal_line(world, line)


def _journal_line(world: World, line: Line) -> None:
    stated = as_stated(line)
    world.journal.write(
        "settlement.line",
        world.owner(line.payment_id),
        payout=line.payout_id,
        line=line.id,
        payment=line.payment_id,
        source=line.refund_id or line.dispute_id,
        term=line.term,
        gross_minor=line.gross_minor,
        fee_minor=line.fee_minor,
        currency=line.currency,
        flaw=line.flaw,
        stated_gross_minor=sum(one.gross_minor for one in stated),
        stated_fee_minor=sum(one.fee_minor for one in stated),
        facts=list(line.facts),
    )
