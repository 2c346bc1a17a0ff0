"""Where the money of each payment of an order stands, and how many payments were decided on."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.journal.history import History
from badgateway.journal.money import Money


def by_payment(history: History, order: str, at: int) -> Mapping[str, Money]:
    """Give the money of each payment of an order after all ledger entries up to a position."""
    found: dict[str, Money] = {}
    for entry in history.of_kind("ledger.entry", order):
        if entry.seq <= at and entry.data["currency"] == history.currency(order):
            payment = str(entry.data["payment"])
            found[payment] = found.get(payment, Money()).after(entry)
    return found


def live(history: History, order: str, at: int) -> tuple[str, ...]:
    """Give the payments that hold money of the shopper at a position, or have taken some and kept it."""
    return tuple(
        payment
        for payment, money in by_payment(history, order, at).items()
        if money.held > 0 or money.net > 0
    )


def decisions(history: History, order: str, at: int) -> int:
    """Give how often the shopper decided to pay by a position; trying again is the same decision."""
    intents = {
        one.invoked.data["intent"] for one in history.operations(order, "pay") if one.invoked.seq <= at
    }
    return max(1, len(intents))
