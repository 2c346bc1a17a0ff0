"""What idempotency keys were used for: twice, and after the provider had stored a failure under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from badgateway.journal.history import History
from badgateway.journal.joined import Call, Operation

DAY_MS = 24 * 3_600_000  # how long providers remember a key


def reuses(history: History) -> Iterator[tuple[Call, Call]]:
    """Give every call whose key had done something within a day before: (the call that did, this one)."""
    bound: dict[tuple[str, str], Call] = {}
    for call in history.calls():
        key = (call.provider, call.arrived.data["key"]) if call.arrived.data["key"] else None
        first = bound.get(key) if key else None
        if first is not None and call.arrived.at_ms - first.arrived.at_ms < DAY_MS:
            yield first, call
        elif key and call.is_applied:
            bound[key] = call


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision to pay, made after a key's stored failure was heard; `calls` carried it out."""

    operation: Operation
    heard: Call  # what told the failure
    calls: tuple[Call, ...]

    @property
    def is_wasted(self) -> bool:
        """Say whether nothing was asked for this decision but what could only be answered as before."""
        name = self.heard.arrived.data["key"]
        return bool(self.calls) and all(
            call.arrived.data["key"] == name and _is_repeated(call) for call in self.calls
        )


def decisions(history: History, order: str) -> Iterator[Decision]:
    """Give every decision to pay an order that came after a key's stored failure was told."""
    charges = history.calls(order, "charge")
    for operation in history.operations(order, "pay"):
        since = operation.invoked.seq
        until = operation.returned.seq if operation.returned else len(history.entries) + 1
        heard = [one for one in charges if one.answered and one.answered.seq < since and _is_burnt(one)]
        during = tuple(one for one in charges if since < one.arrived.seq < until)
        if heard:
            yield Decision(operation, heard[-1], during)


def _is_burnt(call: Call) -> bool:
    """Say whether an answer was a definite refusal, or an error that its key is given again and again."""
    if call.arrived.data["key"] is None or call.answered is None or call.committed is None:
        return False
    is_told = call.answered.data["is_true"] is True and (call.answered.data["status"] or 0) >= 400
    is_definite = call.refusal == "declined" and bool(call.committed.data["is_final"])
    return is_told and (is_definite or _is_repeated(call))


def _is_repeated(call: Call) -> bool:
    data = call.committed.data if call.committed else {}
    return bool(data.get("is_replayed")) and int(data.get("status") or 0) >= 400
