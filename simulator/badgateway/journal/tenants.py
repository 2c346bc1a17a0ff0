"""Merchants of a play: whose an order is, whose credentials a call carried, whose account told an event."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.journal.belief import changes, false_amounts
from badgateway.journal.entry import Entry
from badgateway.journal.false_inputs import FalseInput, false_inputs
from badgateway.journal.history import History
from badgateway.journal.joined import Call


def owner(history: History, order: str) -> str | None:
    """Give the merchant whose order it is; None in a story that names none."""
    orders = history.plan.get("orders") or ()
    return next((one.get("merchant") for one in orders if one["name"] == order), None)


def masked_keys(history: History) -> Mapping[str, Entry]:
    """Give the entry of each merchant of the play by the credential of its account, masked as in calls."""
    return {str(one.data["credential"]): one for one in history.of_kind("run.merchant")}


def calls_by_owner(history: History) -> list[tuple[Call, str, Entry | None]]:
    """Give each call about an order with the order's merchant and the one whose credential it carried."""
    keys = masked_keys(history)
    found: list[tuple[Call, str, Entry | None]] = []
    for order in history.orders:
        merchant = owner(history, order)
        calls = history.calls(order) if merchant is not None else ()
        found += [(call, str(merchant), keys.get(str(call.arrived.data["credential"]))) for call in calls]
    return found


def may_act_for(used: Entry, merchant: str) -> bool:
    """Say whether the holder of a credential is the merchant itself, or declared to act on its behalf."""
    return used.data["merchant"] == merchant or merchant in (used.data["acts_for"] or ())


def told_by_others(history: History, order: str) -> list[FalseInput]:
    """Give the events about an order that another merchant's account told."""
    merchant = owner(history, order)
    told = [one for one in false_inputs(history, order) if one.sent.data.get("class") == "foreign"]
    return [one for one in told if merchant is not None and one.sent.data["merchant"] not in {None, merchant}]


def made(history: History, told: FalseInput) -> Entry | None:
    """Give the entry that shows in whose account an event was made."""
    event = told.sent.data["event"]
    return next((one for one in history.of_kind("event.created") if one.data["event"] == event), None)


def untruths(history: History, order: str) -> list[tuple[Entry, str]]:
    """Give the views of an order that claim what was never so, each with what it claims."""
    lies = [(one.after, one.sentence) for one in changes(history, order) if not one.is_justified]
    views = [(view, false_amounts(history, order, view)) for view in history.views(order)]
    return [*lies, *((view, untrue) for view, untrue in views if untrue)]
