"""Refunds as decided by the merchant, and as made by the integration."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.journal.asked import is_owed
from badgateway.journal.entry import Entry
from badgateway.journal.history import History


def made(history: History, order: str) -> tuple[Entry, ...]:
    """Give the refunds that the integration's own calls made, in the agreed currency and in ledger order."""
    calls = {call.id for call in history.calls(order)}
    return tuple(
        entry
        for entry in history.of_kind("ledger.entry", order)
        if entry.data["kind"] == "refund"
        and entry.data["cause"] in calls
        and entry.data["currency"] == history.currency(order)
    )


def standing(history: History, order: str, at: int) -> tuple[Entry, ...]:
    """Give those of them that were made by a position and had not failed by then."""
    failed = {
        entry.data["refund"]
        for entry in history.of_kind("ledger.entry", order)
        if entry.data["kind"] == "refund_fail" and entry.seq <= at
    }
    return tuple(one for one in made(history, order) if one.seq <= at and one.data["refund"] not in failed)


def undecided(history: History, order: str) -> frozenset[int]:
    """Give the numbers of those that needed no decision, because the integration owed the money anyway."""
    calls = {call.id: call for call in history.calls(order)}
    return frozenset(
        one.seq for one in made(history, order) if is_owed(history, order, calls[one.data["cause"]])
    )


def is_returned_otherwise(history: History, order: str) -> bool:
    """Say whether the provider gave money back by itself, or a human is asked to look at the order."""
    view = history.final_view(order)
    by_itself = any(
        entry.data["kind"] == "refund" and str(entry.data["cause"]).startswith("act:")
        for entry in history.of_kind("ledger.entry", order)
    )
    return by_itself or (view is not None and view.data["status"] == "REVIEW")


def decided(history: History, order: str, *outcomes: str) -> tuple[int, ...]:
    """Give the amounts (minor units) of the refunds that were answered so; no answer counts as info."""
    return tuple(
        int(one.invoked.data["amount_minor"] or 0)
        for one in history.operations(order, "refund")
        if (one.returned.data["outcome"] if one.returned else "info") in outcomes
    )


def total(refunds: Iterable[Entry]) -> int:
    """Add refunds up, minor units."""
    return sum(int(one.data["amount_minor"]) for one in refunds)
