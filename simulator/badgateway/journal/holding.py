"""Where the money of each payment of an order stands, and how many payments were decided on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from badgateway.journal.history import History
from badgateway.journal.money import Money


def by_payment(history: History, order: str | None, at: int) -> Mapping[str, Money]:
    """Give the money of each payment of an order (None: of those that name no order) up to a position."""
    found: dict[str, Money] = {}
    currency = history.currency(order) if order is not None else None
    for entry in history.of_kind("ledger.entry"):
        if entry.seq <= at and entry.order == order and currency in {None, entry.data["currency"]}:
            payment = str(entry.data["payment"])
            found[payment] = found.get(payment, Money()).after(entry)
    return found


def owners(history: History) -> Mapping[str, str | None]:
    """Give every payment that was ever named or made, and the order that it belongs to."""
    found = history.payments_asked_for()
    moved = {str(one.data["payment"]): one.order for one in history.of_kind("ledger.entry")}
    return {**found, **moved}


def live(history: History, order: str | None, at: int) -> tuple[str, ...]:
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


def misplaced(history: History, order: str, refs: Iterable[str]) -> Iterator[str]:
    """Say which of the references that an order shows are another order's payment, or none at all."""
    known = owners(history)
    for ref in refs:
        owner = known.get(ref, order)
        if ref not in known and any(len(one) == len(ref) and one[:3] == ref[:3] for one in known):
            yield f"{order} lists {ref}, which the provider never made"
        elif owner not in {None, order}:
            yield f"{order} lists {ref}, which is a payment of {owner}"
