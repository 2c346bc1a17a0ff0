"""Holds that were voided or lapsed, and what was asked of the provider in spite of that."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.holding import by_payment
from badgateway.journal.joined import Call
from badgateway.journal.received import received


def let_go(history: History, order: str) -> Iterator[tuple[Entry, int]]:
    """Give the holds that were voided or lapsed, and the position from which the integration knew it.

    What a capture leaves over is released with it, and is not meant.
    """
    captures = {call.id for call in history.calls(order, "capture", "charge")}
    for entry in history.of_kind("ledger.entry", order):
        if entry.data["kind"] in {"void", "expire"} and entry.data["cause"] not in captures:
            known = received(history, entry)
            if known is not None:
                yield entry, known


def called_after(history: History, order: str) -> Iterator[tuple[Entry, Call]]:
    """Give what was asked of a hold after it was known to be let go, with what let it go.

    A void that a later decision to cancel asks for again does no harm, and is not meant.
    """
    for entry, known in let_go(history, order):
        for call in history.calls(order, "increment", "capture", "void"):
            at = call.arrived.seq
            is_asked = any(known < one.invoked.seq < at for one in history.operations(order, "cancel"))
            if at > known and call.payment == entry.data["payment"] and (call.op != "void" or not is_asked):
                yield entry, call


def captured_after_cancel(history: History, order: str) -> Iterator[tuple[Entry, Call]]:
    """Give what was taken or held after a cancellation was confirmed, with its answer; paying ends it."""
    for call in history.calls(order, "increment", "capture"):
        at = call.arrived.seq
        last = [one for one in history.operations(order, "pay", "cancel") if one.invoked.seq < at][-1:]
        for one in last:
            told = one.returned
            if one.do == "cancel" and told is not None and told.seq < at and told.data["outcome"] == "ok":
                yield told, call


def over_captures(history: History, order: str) -> Iterator[tuple[Entry, int]]:
    """Give the captures that took more than their payment held, with what it held; minor units."""
    calls = {call.id for call in history.calls(order, "capture")}
    for entry in history.of_kind("ledger.entry", order):
        if entry.data["kind"] == "capture" and entry.data["cause"] in calls:
            money = by_payment(history, order, entry.seq - 1).get(str(entry.data["payment"]))
            held = money.held if money else 0
            if entry.data["amount_minor"] > held:
                yield entry, held
