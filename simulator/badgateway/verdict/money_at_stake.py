"""Who loses how much: what each side holds in the end against what each should hold."""

from __future__ import annotations

from dataclasses import dataclass

from badgateway.journal.belief import handed_over
from badgateway.journal.entry import Entry
from badgateway.journal.history import History

# Words under which the shopper was given the goods, or will be.
_GIVEN = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED", "DISPUTED"})


@dataclass(frozen=True, slots=True)
class Stake:
    """What one order costs whom, in minor units of its currency."""

    customer_loss_minor: int
    merchant_loss_minor: int
    currency: str


def stake(history: History, order: str) -> Stake:
    """Compare the money that stayed at the merchant with the worth of what was handed over.

    The customer loses what is kept beyond that worth, the merchant what is missing from it.
    """
    net, worth = history.money(order).net, _worth(history, order)
    return Stake(max(0, net - worth), max(0, worth - net), history.currency(order))


def _worth(history: History, order: str) -> int:
    """Give the worth of what was handed over, less what the merchant or provider meant to give back."""
    view = next(reversed(history.views(order)), None)
    times = _times_given(view)
    if view is None or not times:
        return 0
    due = history.due(order)
    meant = sum(due if amount is None else amount for amount in history.asked_amounts(order, "refund"))
    meant += sum(
        int(entry.data["amount_minor"])
        for entry in history.of_kind("ledger.entry", order)
        if entry.data["kind"] in {"refund", "dispute_lost"} and str(entry.data["cause"]).startswith("act:")
    )
    return max(0, due * times - meant)


def _times_given(view: Entry | None) -> int:
    if view is None:
        return 0
    return max(handed_over(view), 1 if view.data["status"] in _GIVEN else 0)
