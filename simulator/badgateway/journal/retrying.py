"""How an integration tries again by itself: how often, how soon, and after which answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.joined import Call

MOVING = ("create", "charge", "increment", "capture", "void", "refund")
EARLY_MS = 20  # a timer that is set by another clock may end this much early
STALL_MS = 250  # a busy machine may add this to any pause
_ASKED = {
    "create": ("open", "pay"),
    "charge": ("pay", "renew"),
    "increment": ("increment",),
    "capture": ("capture",),
    "void": ("cancel",),
    "refund": ("refund", "cancel"),
}


def is_prompted(history: History, order: str | None, since: int, until: int, *dos: str) -> bool:
    """Say whether somebody gave it a reason to ask again: an operation, a webhook, a restart, or time."""
    asked = any(
        since < one.invoked.seq < until and one.invoked.order in {None, order} and one.do != "health"
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
            for provider in dict.fromkeys(call.provider for call in calls):
                there = [call for call in calls if call.provider == provider]
                yield from _unprompted(history, order, there)


def _unprompted(history: History, order: str | None, calls: list[Call]) -> Iterator[tuple[Call, ...]]:
    burst: list[Call] = []
    for call in calls:
        last = burst[-1].arrived.seq if burst else call.arrived.seq
        if is_prompted(history, order, last, call.arrived.seq):
            yield tuple(burst)
            burst = []
        burst.append(call)
    if burst:
        yield tuple(burst)


def decisions(history: History, burst: tuple[Call, ...]) -> int:
    """Give how many people's decisions were under way in a burst: each may be tried as often as declared."""
    first, last = burst[0].arrived, burst[-1].arrived
    asked = [
        one
        for one in history.operations(first.order, *_ASKED.get(str(burst[0].op), ()))
        if one.invoked.seq < last.seq and (one.returned is None or one.returned.seq > first.seq)
    ]
    return max(1, len(asked))


def pauses(history: History, burst: tuple[Call, ...]) -> Iterator[tuple[Call, float, Call]]:
    """Give the real milliseconds between an answer and the same request again; our own gates are outside."""
    for place, call in enumerate(burst):
        told = call.answered
        again = next((one for one in burst[place + 1 :] if one.identity == call.identity), None)
        if told is None or again is None or again.arrived.seq < told.seq:
            continue
        if not is_prompted(history, call.arrived.order, told.seq, again.arrived.seq):
            yield call, again.arrived.real_ms - told.real_ms, again


def shrinking(history: History, burst: tuple[Call, ...]) -> tuple[tuple[Call, float, Call], ...]:
    """Give three pauses in a row that shrink, each well below the one before; empty where there are none.

    A stall of the machine makes one pause longer and the next seem short, so two steps down are asked for,
    and each has to be more than half and a quarter of a second. Pauses at the declared cap differ by jitter.
    """
    cap_ms = history.declares.get("retry_cap_ms")
    found = tuple(pauses(history, burst))
    for three in zip(found, found[1:], found[2:], strict=False):
        waited = [ms for _, ms, _ in three]
        steps = list(pairwise(waited))
        is_capped = cap_ms is not None and waited[-1] >= cap_ms / 2
        if not is_capped and all(then < before / 2 and then < before - STALL_MS for before, then in steps):
            return three
    return ()


def overdone(history: History, bound: int) -> Iterator[tuple[Call, str, Call, Entry, Entry]]:
    """Give bursts of too many attempts or of shrinking pauses: first call, sentence, last straw, proof."""
    for burst in bursts(history):
        first, most = burst[0], bound * decisions(history, burst)
        if len(burst) > most:
            said = f"the {first.op} was attempted {len(burst)} times without a new reason"
            yield first, said, burst[most], first.arrived, burst[-1].arrived
        if three := shrinking(history, burst):
            pauses_ms = ", ".join(f"{ms:.0f}" for _, ms, _ in three)
            said = f"the pauses before the {first.op} shrink: {pauses_ms} ms"
            yield first, said, three[-1][2], three[0][0].arrived, three[1][0].arrived


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
        if again is not None and is_prompted(history, call.arrived.order, told.seq, again.arrived.seq):
            is_early = False
        yield call, int(wait_ms), again if is_early else None
