"""What an integration's own counters may say after a play, by what the journal saw: from, to, of each."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.journal.entry import Entry
from badgateway.journal.history import History

RESTARTS = ("process.killed", "process.started", "process.exited")
_MOVING = frozenset({"create", "charge", "increment", "capture", "void", "refund"})
_EXACT = 1e-6  # counters are written as floating-point numbers
_SLACK_S = 0.05  # between two clocks that time the same thing

Range = tuple[float, float]


def counted(history: History) -> tuple[Mapping[str, float], Mapping[str, float], Entry] | None:
    """Give the counters before and after, and the entry that read them last; None: they prove nothing here.

    A restart begins them anew, another play beside this one moves them too, and a late request of an
    earlier play may be counted in this one.
    """
    reads = {entry.data["when"]: entry for entry in history.of_kind("telemetry.read")}
    is_mixed = any(history.of_kind(kind) for kind in (*RESTARTS, "run.stray"))
    if set(reads) != {"start", "end"} or is_mixed or not history.is_quiescent:
        return None
    if any(not one.data["is_alone"] or one.data["problem"] for one in reads.values()):
        return None
    return reads["start"].data["counters"], reads["end"].data["counters"], reads["end"]


def honest(history: History) -> Mapping[str, Range]:
    """Give the range that is honest for what each counter has gained in this play."""
    return {
        "succeeded": _succeeded(history),
        "declined": _declined(history),
        "retries": _retries(history),
        "webhook_lag_count": _worked_off(history),
    }


def _payments(history: History, *kinds: str, is_of_anybody: bool = False) -> set[str]:
    """Give the payments with a ledger entry of these kinds; of orders of the story, or of anybody."""
    ledger = history.of_kind("ledger.entry")
    known = [one for one in ledger if one.data["kind"] in kinds and one.data["payment"]]
    return {str(one.data["payment"]) for one in known if one.order in history.orders or is_of_anybody}


def _succeeded(history: History) -> Range:
    """Count what must be counted, as it was taken or is held still, and whatever was ever held."""
    ever, gone = _payments(history, "auth", "capture"), _payments(history, "void", "expire", "capture_fail")
    return len(ever - gone), len(_payments(history, "auth", "capture", is_of_anybody=True))


def _declined(history: History) -> Range:
    """Count the payments that failed and stayed so, and every failure that was told."""
    events = [one for one in history.of_kind("event.created") if one.data["name"] == "payment.failed"]
    failed = {str(one.data["payment"]) for one in events}
    return len(failed - _payments(history, "auth", "capture")), len(events)


def _retries(history: History) -> Range:
    """Count the calls that carry the key of an earlier one."""
    keys = [one.arrived.data["key"] for one in history.calls() if one.op in _MOVING]
    named = [key for key in keys if key]
    again = len(named) - len(set(named))
    return again, again


def _worked_off(history: History) -> Range:
    """Count at least one where a genuine webhook was accepted, and at most all of them."""
    sent = {one.sent.data["event"] for one in history.deliveries() if one.is_genuine and one.is_acknowledged}
    return min(1, len(sent)), len(history.deliveries())


def untrue(history: History) -> tuple[int, tuple[tuple[str, Entry], ...]]:
    """Give how many counters were judged, and what is wrong with them in words."""
    read = counted(history)
    if read is None:
        return 0, ()
    before, after, entry = read
    ranges = {**honest(history), "webhook_lag_seconds": (0.0, lag_at_most(history, entry))}
    wrong = []
    for name, (least, most) in ranges.items():
        gained = after.get(name, 0) - before.get(name, 0)
        if name in after and not least - _EXACT <= gained <= most + _EXACT:
            meant = f"{least:g}" if least == most else f"{least:g} to {most:g}"
            wrong.append((f"the counter {name} rose by {gained:g}, where {meant} is right", entry))
    if after.get("reconciliation_delta") and not before["reconciliation_delta"] and _agree(history):
        wrong.append((f"reconciliation_delta is {after['reconciliation_delta']:g}, the books agree", entry))
    return len(after), tuple(wrong)


def unrecorded(history: History) -> tuple[int, tuple[tuple[str, Entry], ...]]:
    """Give how many transition records were judged, and what is wrong with them in words."""
    tested, wrong = 0, []
    for told in history.of_kind("telemetry.transitions"):
        data, order = told.data, told.order
        tested += data["reported"]
        for lack in ("correlation", "actor"):
            if data[f"without_{lack}"]:
                count = f"{data[f'without_{lack}']} of {data['reported']}"
                wrong.append((f"{count} transitions of {order} have no {lack}", told))
        if data["last"] is not None and data["last"] != data["shown"]:
            wrong.append((f"the last transition of {order} leads to {data['last']}, not to its status", told))
    return tested, tuple(wrong)


def _agree(history: History) -> bool:
    views = ((order, history.final_view(order)) for order in history.touched())
    return not any(
        view is not None
        and view.data["paid_minor"] is not None
        and view.data["paid_minor"] != history.money(order).captured
        for order, view in views
    )


def lag_at_most(history: History, end: Entry) -> float:
    """Give the seconds that all webhooks together can have taken at most: from their sending to the end."""
    return sum((end.real_ms - one.sent.real_ms) / 1000 + _SLACK_S for one in history.deliveries())


def too_slow(history: History) -> tuple[tuple[Entry, Entry, str], ...]:
    """Give what took longer than its declared service level, while nothing was going wrong."""
    slow: list[tuple[Entry, Entry, str]] = []
    lag_ms, refund_ms = history.declares.get("webhook_lag_ms"), history.declares.get("refund_time_ms")
    pairs = [
        (one.sent, one.answered, lag_ms, "a webhook")
        for one in history.deliveries()
        if one.is_genuine and one.is_acknowledged and one.sent.data["how"] == "in_turn"
    ]
    pairs += [
        (one.invoked, one.returned, refund_ms, "a refund")
        for one in history.operations(None, "refund")
        if one.returned is not None and one.returned.data["outcome"] == "ok"
    ]
    troubles = [one.seq for kind in ("fault.fired", *RESTARTS) for one in history.of_kind(kind)]
    for begin, end, limit_ms, what in pairs:
        if end is None or limit_ms is None or any(begin.seq < seq < end.seq for seq in troubles):
            continue
        took_ms = end.data["elapsed_ms"] - end.data["parked_ms"]
        if took_ms > limit_ms:
            slow.append((begin, end, f"{what} took {took_ms:.0f} ms, {limit_ms} ms are declared"))
    return tuple(slow)
