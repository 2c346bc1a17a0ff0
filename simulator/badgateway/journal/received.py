"""When the integration was told of a movement of money: laws judge it by what it knew."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.holding import by_payment


def received(history: History, entry: Entry) -> int | None:
    """Give the position at which the integration had been told of a ledger entry; None: never.

    Told is whoever answered a webhook about it 2xx, or got a clear answer to the call that caused it or to
    a later one about the same payment.
    """
    payment, fact = entry.data["payment"], entry.data["seq"]
    told = [
        one.answered.seq
        for one in history.accepted_deliveries(entry.order)
        if one.answered is not None and one.event is not None and fact in (one.event.data["facts"] or ())
    ]
    told += [
        call.answered.seq
        for call in history.telling_calls(entry.order)
        if call.answered is not None
        and call.committed is not None
        and call.payment == payment
        and not call.is_old
        and (call.id == entry.data["cause"] or call.committed.seq > entry.seq)
    ]
    return min(told, default=None)


def paid_back_twice(history: History, order: str) -> Iterator[tuple[Entry, Entry]]:
    """Give the refunds of money that a dispute had taken back, as the integration knew: (dispute, refund)."""
    calls = {call.id: call.arrived.seq for call in history.calls(order, "refund")}
    moved = history.of_kind("ledger.entry", order)
    lost = [(one, received(history, one)) for one in moved if one.data["kind"] == "dispute_lost"]
    for refund in moved:
        asked = calls.get(refund.data["cause"]) if refund.data["kind"] == "refund" else None
        if asked is None or by_payment(history, order, refund.seq)[refund.data["payment"]].net >= 0:
            continue
        for dispute, known in lost:
            if dispute.data["payment"] == refund.data["payment"] and known is not None and known < asked:
                yield dispute, refund
                break
