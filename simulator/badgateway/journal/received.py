"""When the integration was told of a movement of money: laws judge it by what it knew."""

from __future__ import annotations

from badgateway.journal.entry import Entry
from badgateway.journal.history import History


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
        and (call.id == entry.data["cause"] or call.committed.seq > entry.seq)
    ]
    return min(told, default=None)
