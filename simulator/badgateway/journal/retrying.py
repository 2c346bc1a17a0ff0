"""How an integration tries again by itself: how often, how soon, and after which answers."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.journal.history import History
from badgateway.journal.joined import Call

MOVING = ("create", "charge", "capture", "void", "refund")
EARLY_MS = 20  # a timer that is set by another clock may end this much early


def _is_prompted(history: History, order: str | None, since: int, until: int, *dos: str) -> bool:
    """Say whether somebody gave it a reason to ask again: an operation, a webhook, a restart, or time."""
    asked = any(
        since < one.invoked.seq < until and one.invoked.order in {None, order}
        for one in history.operations(None, *dos)
    )
    told = any(since < one.sent.seq < until for one in history.deliveries(order))
    passed = any(
        since < one.seq < until
        for kind in ("process.started", "run.advanced")
        for one in history.of_kind(kind)
    )
    return asked or (not dos and (told or passed))


def bursts(history: History) -> Iterator[tuple[Call, ...]]:
    """Give the calls of one operation of one order that followed each other without any new reason."""
    for order in (None, *history.orders):
        for op in MOVING:
            calls = [one for one in history.calls(None, op) if one.arrived.order == order]
            burst: list[Call] = []
            for call in calls:
                last = burst[-1].arrived.seq if burst else call.arrived.seq
                if _is_prompted(history, order, last, call.arrived.seq):
                    yield tuple(burst)
                    burst = []
                burst.append(call)
            if burst:
                yield tuple(burst)


def asked_to_wait(history: History) -> Iterator[tuple[Call, int, Call | None]]:
    """Give the calls that were asked to wait, how long (real ms), and the same again if it came early."""
    calls = history.calls(None, *MOVING)
    for call in calls:
        wait_ms = call.answered.data.get("retry_after_ms") if call.answered else None
        if call.answered is None or not wait_ms:
            continue
        told = call.answered
        again = next(
            (
                one
                for one in calls
                if one.arrived.seq > told.seq
                and (one.op, one.arrived.order, one.identity) == (call.op, call.arrived.order, call.identity)
            ),
            None,
        )
        is_early = again is not None and again.arrived.real_ms - told.real_ms < wait_ms - EARLY_MS
        if again is not None and _is_prompted(history, call.arrived.order, told.seq, again.arrived.seq):
            is_early = False
        yield call, int(wait_ms), again if is_early else None


def hard_declines(history: History) -> Iterator[tuple[Call, Call | None]]:
    """Give the hard declines that were told, each with the charge that followed without a new decision."""
    for order in history.orders:
        charges = history.calls(order, "charge")
        for call in charges:
            if call.committed is None or not call.committed.data.get("is_hard") or not call.is_telling:
                continue
            told = call.answered.seq if call.answered else 0
            again = next((one for one in charges if one.arrived.seq > told and one.is_applied), None)
            if again and _is_prompted(history, order, told, again.arrived.seq, "open", "pay", "return"):
                again = None
            yield call, again
