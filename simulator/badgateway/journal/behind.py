"""What an orchestrator does behind an integration's back, told as the integration's story is to be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from badgateway.ground.records import changed
from badgateway.journal.entry import Entry
from badgateway.journal.joined import Call

_CAUSED = frozenset({"ledger.entry", "event.created"})


def as_seen_from_before(entries: Sequence[Entry], asked: Iterable[Call]) -> list[Entry]:
    """Give the entries that laws are held against, where an orchestrator has calls of its own among `asked`.

    What one of its calls has caused counts as caused by the integration's call that it answered meanwhile.
    What it is told by the providers behind it is not told to the integration. And payments that it made and
    gave back without being asked count for nothing: they were never the integration's decision, and whoever
    sends one order to two gateways sees to it that only one of them keeps the money.
    """
    hops = [one for one in asked if one.arrived.data.get("by") is not None]
    if not hops:
        return list(entries)
    meant = {one.id: one.arrived.data.get("within") for one in hops}
    ended = [one for one in hops if one.is_applied and one.op in {"refund", "void"} and not meant[one.id]]
    gone = {one.payment for one in ended}
    seen = []
    for entry in entries:
        if entry.kind == "ledger.entry" and entry.data["payment"] in gone:
            continue
        if entry.kind == "event.created" and entry.data.get("by") is not None:
            continue
        within = meant.get(entry.data["cause"]) if entry.kind in _CAUSED else None
        seen.append(changed(entry, data={**entry.data, "cause": within}) if within else entry)
    return seen
