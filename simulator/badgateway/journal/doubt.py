"""Calls whose outcome the integration could not know, and what it did and said until it knew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.joined import Call


@dataclass(frozen=True, slots=True)
class Doubt:
    """One call without a clear answer, open until a reply, a look-up or a webhook settled it."""

    call: Call
    since: int  # position at which it was clear that no answer comes
    until: int | None  # position of what settled it; None: nothing ever did

    def covers(self, at: int) -> bool:
        """Say whether the outcome was still unknown at a position."""
        return self.since <= at and (self.until is None or at < self.until)


def doubts(history: History, order: str, *ops: str) -> Iterator[Doubt]:
    """Give the calls of an order whose answer told nothing sure, in the order of their arrival."""
    for call in history.calls(order, *ops):
        if call.is_unsure:
            since = call.answered.seq if call.answered else call.arrived.seq
            yield Doubt(call, since, _settled(history, call))


@dataclass(frozen=True, slots=True)
class Rival:
    """A call that asks for the same money again, under another name, while an earlier one is open."""

    call: Call
    earlier: tuple[Call, ...]
    is_too_many: bool  # more names in the air than decisions were made

    @property
    def is_other_route(self) -> bool:
        """Say whether it went to another provider than everything that is open."""
        return all(one.provider != self.call.provider for one in self.earlier)

    @property
    def is_beside(self) -> bool:
        """Say whether it is one too many, and took money or asked another provider to."""
        is_charged = self.call.is_applied and not self.call.refusal
        return self.is_too_many and (is_charged or self.is_other_route)

    @property
    def told(self) -> str:
        """Say what it was, for a sentence about the order."""
        return f"sent to {self.call.provider}" if self.is_other_route else "charged again under another key"


def rivals(history: History, order: str, op: str) -> Iterator[Rival]:
    """Give every call of an operation that arrived while an earlier one of the order was still open."""
    calls = history.calls(order, op)
    ends = {call.id: _closed(history, call) for call in calls}
    settled = {known: inf if end is None else end for known, end in ends.items()}
    for place, call in enumerate(calls):
        at = call.arrived.seq
        open_calls = tuple(
            one
            for one in calls[:place]
            if one.fault_phase != "connect"
            and settled[one.id] > at
            # Refunds of different payments are different things, even where one decision asks for both.
            and (op != "refund" or one.payment == call.payment)
        )
        if open_calls:
            names = {one.identity for one in (*open_calls, call)}
            yield Rival(call, open_calls, len(names) > _decisions(history, order, op, at))


def _decisions(history: History, order: str, op: str, at: int) -> int:
    asked = [one for one in history.operations(order) if one.invoked.seq <= at]
    if op in {"increment", "refund"}:
        return max(1, sum(one.do == op for one in asked))
    paid = {
        (one.invoked.data["intent"], one.invoked.data["amount_minor"]) for one in asked if one.do == "pay"
    }
    return max(1, len(paid))


def _closed(history: History, call: Call) -> int | None:
    """Give the position from which the integration knew what became of a call."""
    if call.is_unsure:
        return _settled(history, call)
    return call.answered.seq if call.answered else None


def _settled(history: History, call: Call) -> int | None:
    return min((*_told_by_calls(history, call), *_told_by_webhooks(history, call)), default=None)


def _told_by_calls(history: History, call: Call) -> Iterator[int]:
    best: int | None = None
    for one in history.telling_calls(call.arrived.order):
        if best is not None and one.arrived.seq > best:
            return  # Calls come in the order of their arrival: no later one was answered earlier.
        is_same_payment = one.payment is not None and one.payment == call.payment
        is_look = one.op in {"fetch", "list"} and one.provider == call.provider
        is_about = is_look or one.identity == call.identity or is_same_payment
        if one.arrived.seq > call.arrived.seq and is_about and one.answered is not None:
            best = min(best or one.answered.seq, one.answered.seq)
            yield one.answered.seq


def _told_by_webhooks(history: History, call: Call) -> Iterator[int]:
    for one in history.accepted_deliveries(call.arrived.order):
        if one.event is None or one.answered is None or one.answered.seq < call.arrived.seq:
            continue
        is_same_payment = call.payment is not None and one.event.data["payment"] == call.payment
        if one.event.data["cause"] == call.id or is_same_payment:
            yield one.answered.seq
            return


def claims(history: History, doubt: Doubt, words: set[str]) -> Iterator[Entry]:
    """Give the answers to operations that claimed one of these statuses while the outcome was unknown."""
    arrived = doubt.call.arrived
    until = doubt.until or len(history.entries) + 1
    overlapping = [
        one
        for one in history.operations(arrived.order)
        if one.invoked.seq < arrived.seq and (one.returned is None or one.returned.seq > arrived.seq)
    ]
    for one in history.operations(arrived.order):
        told = one.returned
        if told is None or not arrived.seq < told.seq < until:
            continue
        # Without a status, a plain failure speaks of this call only where nothing else was under way.
        is_alone = overlapping == [one] and one.do in {"pay", "capture"}
        is_failure = told.data["outcome"] == "fail" and told.data["status"] is None and is_alone
        if told.data["outcome"] != "info" and (told.data["status"] in words or is_failure):
            yield told
