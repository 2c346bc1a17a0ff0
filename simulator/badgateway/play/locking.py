"""Locks: at some providers one call at a time works on a payment, and another one about it waits in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from badgateway.play.exchange import Call


def is_locked_out(call: Call) -> bool:
    """Say whether another call's work on the same payment has to end first; who only looks never waits."""
    others = [one for one in call.world.gates.at_work if one is not call and one.account is call.account]
    if not others:
        return False
    wanted = worked_on(call)
    return wanted is not None and any(worked_on(one) == wanted for one in others)


def worked_on(call: Call) -> str | None:
    """Give the payment that a call is to change, named by its own id or by that of one of its charges."""
    if call.is_asking_only:
        return None
    if call.parsed.payment_id is not None:
        return call.parsed.payment_id
    paid = (call.account.book.payment_of_attempt(one) for one in call.parsed.other_ids)
    return next((payment.id for payment in paid if payment is not None), None)
