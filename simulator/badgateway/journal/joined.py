"""Entries that belong together: call and answer, operation and return, delivery and event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from badgateway.journal.entry import Entry

# Answers after which a client knows nothing about what became of its request. 503 and 429 promise no effect.
_UNSURE = frozenset({500, 502, 504})


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the integration to a provider."""

    arrived: Entry
    committed: Entry | None = None
    answered: Entry | None = None
    fault_phase: str | None = None
    mutated: Entry | None = None  # the fault that changed the words of its answer

    @property
    def id(self) -> str:
        """Give its id within the play."""
        return str(self.arrived.data["call"])

    @property
    def op(self) -> str | None:
        """Give the neutral operation."""
        return _text(self.arrived.data["op"])

    @property
    def provider(self) -> str:
        """Give the provider that it went to."""
        return str(self.arrived.data["provider"])

    @property
    def payment(self) -> str | None:
        """Give the payment that it named or made."""
        made = self.committed.data["payment"] if self.committed else None
        return _text(made or self.arrived.data["payment"])

    @property
    def is_applied(self) -> bool:
        """Say whether this very call moved money or made something."""
        return bool(self.committed and self.committed.data["is_applied"])

    @property
    def refusal(self) -> str | None:
        """Give the neutral code with which the provider refused it."""
        return _text(self.committed.data["refusal"]) if self.committed else None

    @property
    def identity(self) -> str:
        """Give what makes two calls one to the provider: the payment they act on, the key, or nothing."""
        named = self.arrived.data["payment"]
        if named and self.op in {"charge", "capture"}:
            return f"payment {named}"
        key = self.arrived.data["key"]
        return f"key {key} at {self.provider}" if key else f"no key, {self.id}"

    @property
    def is_unsure(self) -> bool:
        """Say whether the answer left open what became of it; a refused connection leaves nothing open."""
        if self.fault_phase == "connect":
            return False
        if self.answered is None or self.answered.data["status"] is None:
            return True
        status = self.answered.data["status"]
        return status in _UNSURE or (status < 400 and self.answered.data["is_true"] is False)

    @property
    def is_old(self) -> bool:
        """Say whether it was a look that was behind the ledger."""
        return bool(self.committed and self.committed.data.get("is_old"))

    @property
    def is_telling(self) -> bool:
        """Say whether its answer told the integration how things stand."""
        if self.answered is None or self.is_unsure or self.fault_phase == "connect":
            return False
        if self.mutated is not None and not self.answered.data["is_true"]:
            return False  # A refusal in its status line alone: it says no, and not what to make of it.
        # These say: not now. A key in flight or misused tells nothing about the first request.
        is_blocked = self.refusal in {"key_in_flight", "key_reused"}
        return self.answered.data["status"] not in {409, 429, 503} and not is_blocked


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation asked of the integration."""

    invoked: Entry
    returned: Entry | None = None

    @property
    def do(self) -> str:
        """Give what was asked: pay, capture, refund, ..."""
        return str(self.invoked.data["do"])


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook on its way to the integration."""

    sent: Entry
    answered: Entry | None = None
    event: Entry | None = None  # None: no provider ever made it, an attacker did

    @property
    def is_genuine(self) -> bool:
        """Say whether the provider itself sent it, on time."""
        return self.sent.data["class"] in {"genuine", "duplicate"}

    @property
    def skew_ms(self) -> int:
        """Give how far the clock that signed it was ahead of the integration's; negative: behind."""
        return int(self.sent.data.get("skew_ms") or 0)

    @property
    def drift(self) -> str | None:
        """Give how far its words are from those of today (see `ground/mutation.py`); None: not at all."""
        return _text(self.sent.data.get("drift"))

    @property
    def is_telling(self) -> bool:
        """Say whether its facts stand in it in words that a reader can know."""
        return self.drift in {None, "same", "compatible"}

    @property
    def is_acknowledged(self) -> bool:
        """Say whether the integration answered 2xx."""
        status = self.answered.data["status"] if self.answered else None
        return status is not None and 200 <= status < 300


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def join_calls(entries: tuple[Entry, ...]) -> tuple[Call, ...]:
    """Join every call with its commit, its answer and the fault that struck it, in the order of arrival."""
    parts: dict[str, dict[str, Any]] = {}
    for entry in entries:
        call = str(entry.data.get("call"))
        if entry.kind == "call.arrived":
            parts[call] = {"arrived": entry}
        elif call in parts and entry.kind == "call.committed":
            parts[call]["committed"] = entry
        elif call in parts and entry.kind == "call.answered":
            parts[call]["answered"] = entry
        elif call in parts and entry.kind == "fault.fired":
            parts[call]["fault_phase"] = entry.data["phase"]
            if entry.data.get("mutation"):
                parts[call]["mutated"] = entry
    return tuple(Call(**part) for part in parts.values())


def join_operations(entries: tuple[Entry, ...]) -> tuple[Operation, ...]:
    """Join every operation with its return, in the order of asking."""
    returned = {entry.data["op"]: entry for entry in entries if entry.kind == "op.returned"}
    return tuple(
        Operation(entry, returned.get(entry.data["op"])) for entry in entries if entry.kind == "op.invoked"
    )


def join_deliveries(entries: tuple[Entry, ...]) -> tuple[Delivery, ...]:
    """Join every delivery with its answer and the event that it carries, in the order of sending."""
    answered = {entry.data["delivery"]: entry for entry in entries if entry.kind == "webhook.answered"}
    events = {entry.data["event"]: entry for entry in entries if entry.kind == "event.created"}
    return tuple(
        Delivery(
            entry,
            answered.get(entry.data["delivery"]),
            events.get(entry.data.get("retells") or entry.data["event"]),
        )
        for entry in entries
        if entry.kind == "webhook.sent"
    )
