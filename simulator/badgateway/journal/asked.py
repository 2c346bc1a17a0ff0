"""What a call asked the provider for, where the amount stands in an earlier call."""

from __future__ import annotations

from itertools import accumulate

from badgateway.journal.history import History
from badgateway.journal.joined import Call


def asked(history: History, call: Call) -> tuple[int | None, str | None]:
    """Give the amount (minor units) and currency that a call asks for; None where it names none.

    A charge that confirms an existing payment asks for what that payment was made with, or last changed to.
    """
    amount, currency = call.arrived.data["amount_minor"], call.arrived.data["currency"]
    if call.op != "charge" or amount is not None or call.payment is None:
        return amount, currency
    for one in history.calls(call.arrived.order):
        is_before = one.committed is not None and one.committed.seq < call.arrived.seq
        if is_before and one.is_applied and one.payment == call.payment:
            if one.op in {"create", "charge", None} and one.arrived.data["amount_minor"] is not None:
                amount = one.arrived.data["amount_minor"]
            currency = one.arrived.data["currency"] or currency
    return amount, currency


def decided(history: History, order: str, call: Call) -> set[int | None]:
    """Give the amounts that a call may ask for, by the decisions made before it; None: the whole."""
    at = call.arrived.seq
    if call.op == "increment":
        return totals(history, order, at)
    if call.op == "refund":
        return set(history.asked_amounts(order, "refund", at))
    parts = history.asked_amounts(order, "capture", at) if call.op == "capture" else ()
    if parts and None not in parts:
        # The merchant said how much: each part by itself, or several that wait taken in one.
        return {*parts, *accumulate(part for part in parts if part is not None)}
    return {*history.quotes(order, at), history.agreed(order, at), *parts}


def totals(history: History, order: str, at: int) -> set[int | None]:
    """Give what may be asked to be held in all: what is agreed, and what was wished for on top by then.

    Several wishes that wait may be asked for one by one, or in one.
    """
    agreed, waiting = history.agreed(order, at), list(history.asked_amounts(order, "increment", at))
    for one in history.raised(order, at):
        waiting.remove(one)
    more = [amount for amount in waiting if amount is not None]
    return {agreed, *(agreed + one for one in more), *(agreed + one for one in accumulate(more))}


def is_owed(history: History, order: str, call: Call) -> bool:
    """Say whether a refund is of money that the integration had no right to keep, or part of one decision."""
    at = call.arrived.seq
    is_decided = bool(history.asked_amounts(order, "refund", at)) and not history.operations(order, "cancel")
    captures = history.of_kind("ledger.entry", order)
    is_split = len({one.data["payment"] for one in captures if one.data["kind"] == "capture"}) > 1
    is_excess = history.money(order, at).captured > history.agreed(order, at)
    return call.op == "refund" and (is_split or is_excess or not is_decided)
