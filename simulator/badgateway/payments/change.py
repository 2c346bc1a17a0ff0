"""A change about to be made, worked out whole before anything moves, so that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from badgateway.payments.commands import Command
from badgateway.payments.model import Attempt, Decision, Dispute, Payment, Refund, Refusal

Postings = tuple[tuple[str, int], ...]


class Move(Struct, frozen=True, gc=False):
    """Money that will move: what the ledger makes an entry of. Amount and postings are minor units."""

    kind: str  # as in LedgerEntry
    amount_minor: int
    postings: Postings
    refund_id: str | None = None
    dispute_id: str | None = None


class Step(Struct, frozen=True, gc=False):
    """One happening to come: its neutral name, the snapshots after it, and the money that it moves."""

    name: str
    payment: Payment
    moves: tuple[Move, ...] = ()
    refund: Refund | None = None
    dispute: Dispute | None = None


class Due(Struct, frozen=True, gc=False):
    """What the provider will do by itself: `key` is the id of what it concerns."""

    key: str
    at_ms: int  # virtual
    command: Command
    is_lapse: bool = False  # because nobody did anything until then; nobody waits for it either


class Change(Struct, frozen=True, gc=False):
    """What one command comes to. A decline is a change too: it carries both steps and a refusal."""

    payment: Payment  # as it will be
    steps: tuple[Step, ...] = ()
    dues: tuple[Due, ...] = ()
    refusal: Refusal | None = None
    waits_for: Decision | None = None  # what comes after the challenge or the waiting


class Setting(Struct, frozen=True):
    """What a handler may know beside the command and the payment."""

    now_ms: int
    is_strict: bool
    authorization_ms: int
    new_id: Callable[[str], str]
    decide: Callable[[Payment], Decision]


def with_attempt(payment: Payment, attempt: Attempt) -> tuple[Attempt, ...]:
    """Give the payment's attempts with this one in the place of the one with its id, or as the last."""
    attempts, wanted = payment.attempts, attempt.id
    if not attempts:
        return (attempt,)
    if any(known.id == wanted for known in attempts):
        return tuple(attempt if known.id == wanted else known for known in attempts)
    return (*attempts, attempt)
