"""The state machine of payments, refunds and disputes as tables; an order's status derived from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """Where one payment attempt stands."""

    SENT = "SENT"  # the intent is on disk, the call is on its way
    UNKNOWN = "UNKNOWN"  # nobody knows whether the provider did it
    ACTION = "ACTION"  # the shopper must authenticate
    PROCESSING = "PROCESSING"  # an asynchronous method: the outcome comes later
    AUTHORIZED = "AUTHORIZED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"  # declined or refused; the order may be paid by another attempt
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"  # the hold lapsed
    REVERSED = "REVERSED"  # the provider took an accepted capture back


OPEN = frozenset({State.SENT, State.UNKNOWN, State.ACTION, State.PROCESSING})
MOVING = frozenset(
    {State.ACTION, State.PROCESSING, State.AUTHORIZED}
)  # the provider has it, and it is not over
LIVE = OPEN | {State.AUTHORIZED, State.SUCCEEDED}  # an order has at most one attempt in these

_ANY_NEWS = frozenset(State) - {State.SENT, State.UNKNOWN}
TRANSITIONS: dict[State, frozenset[State]] = {
    State.SENT: _ANY_NEWS | {State.UNKNOWN},
    State.UNKNOWN: _ANY_NEWS,
    State.ACTION: _ANY_NEWS - {State.ACTION},
    State.PROCESSING: _ANY_NEWS - {State.PROCESSING, State.ACTION},
    State.AUTHORIZED: frozenset({State.SUCCEEDED, State.CANCELLED, State.EXPIRED, State.REVERSED}),
    State.SUCCEEDED: frozenset({State.REVERSED}),
    # Good news after a failure is believed: the same payment may be tried again on the provider's page.
    State.FAILED: frozenset({State.AUTHORIZED, State.SUCCEEDED, State.CANCELLED, State.EXPIRED}),
    State.CANCELLED: frozenset({State.SUCCEEDED}),
    State.EXPIRED: frozenset({State.SUCCEEDED}),
    State.REVERSED: frozenset(),
}

REFUND_RANK = {"REQUESTED": 0, "PENDING": 1, "SUCCEEDED": 2, "FAILED": 3, "CANCELLED": 3, "REFUSED": 3}
REFUND_COUNTS = frozenset({"REQUESTED", "PENDING", "SUCCEEDED"})  # bound what may still be refunded
REFUND_SHOWN = frozenset({"PENDING", "SUCCEEDED"})  # the provider has accepted it
DISPUTE_RANK = {"OPEN": 0, "LOST": 1, "WON": 2}  # a lost dispute may still be won, never the reverse


class StateRules:
    """Which change of state is believed."""

    def allows(self, current: State, seen: State) -> bool:
        """Say whether an attempt may go from one state to another."""
        return seen in TRANSITIONS[current]

    def captured_minor(self, state: State, known: int, seen: int) -> int:
        """Give what counts as captured after a look at an attempt in this state: it only grows."""
        return 0 if state is State.REVERSED else max(known, seen)

    def allows_refund(self, current: str, seen: str) -> bool:
        """Say whether a refund may go from one state to another; it may fail after it had succeeded."""
        return REFUND_RANK[seen] > REFUND_RANK[current]

    def allows_dispute(self, current: str, seen: str) -> bool:
        """Say whether a dispute may go from one state to another."""
        return DISPUTE_RANK[seen] > DISPUTE_RANK[current]


class AttemptFacts(Protocol):
    """What the status of an order needs of one attempt."""

    @property
    def state(self) -> State:
        """Where it stands."""

    @property
    def captured_minor(self) -> int:
        """What was captured."""

    @property
    def expected_minor(self) -> int:
        """What we asked to capture."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What a status follows from; amounts are minor units of the order's currency."""

    amount_minor: int
    is_cancelled: bool
    attempts: Sequence[AttemptFacts]
    refunded_minor: int
    disputes: Sequence[str]  # the state of each

    @property
    def captured_minor(self) -> int:
        """What all attempts have taken."""
        return sum(attempt.captured_minor for attempt in self.attempts)


def derive_status(known: OrderFacts) -> str:
    """Derive the status of an order from all that is known; pure."""
    captured, refunded = known.captured_minor, known.refunded_minor
    if {"OPEN", "LOST"} & set(known.disputes):
        return "DISPUTED"
    if captured > 0:
        kept_minor = 0 if known.is_cancelled else known.amount_minor
        is_short = any(0 < attempt.captured_minor < attempt.expected_minor for attempt in known.attempts)
        if is_short or captured - refunded > kept_minor:
            return "REVIEW"
        return "CANCELLED" if known.is_cancelled else _paid_status(captured, refunded)
    return _unpaid_status(known.attempts, known.is_cancelled)


def _paid_status(captured_minor: int, refunded_minor: int) -> str:
    if refunded_minor >= captured_minor:
        return "REFUNDED"
    return "PARTIALLY_REFUNDED" if refunded_minor else "PAID"


def _unpaid_status(known: Sequence[AttemptFacts], is_cancelled: bool) -> str:
    states = {attempt.state for attempt in known}
    if is_cancelled:
        return "PENDING" if states & (OPEN | {State.AUTHORIZED}) else "CANCELLED"
    if State.AUTHORIZED in states:
        return "AUTHORIZED"
    if states & OPEN:
        return "PENDING"
    if not known:
        return "UNPAID"
    return "CANCELLED" if known[-1].state in {State.CANCELLED, State.EXPIRED} else "FAILED"
