"""Payments, their attempts, refunds and disputes as immutable snapshots; a change makes a new one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from msgspec import Struct

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Status(StrEnum):
    """Where a payment stands, in neutral words; every dialect maps them to its own."""

    NEW = "new"  # created, nothing charged yet (or the last attempt failed)
    ACTION = "action"  # the shopper must authenticate
    PENDING = "pending"  # an asynchronous method: the outcome comes later
    AUTHORIZED = "authorized"  # money is held, nothing (or not all) captured
    SUCCEEDED = "succeeded"  # captured, finally
    VOIDED = "voided"  # cancelled, a hold is released
    EXPIRED = "expired"  # the hold lapsed


class Capture(StrEnum):
    """When the money of an approved payment is taken."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Failure(Struct, frozen=True, gc=False):
    """Why the issuer or the gateway said no: a neutral code and a dialect-free sentence."""

    code: str  # for example insufficient_funds; see gateway decisions
    message: str = ""
    is_hard: bool = False  # must not be tried again
    # What may help: later (the same once more), shopper (she, or other data of hers), never; None: not said.
    advice: str | None = None


class Decision(Struct, frozen=True, gc=False):
    """What issuer and gateway answer to one charge."""

    kind: str = "approved"  # approved | declined | action | pending
    failure: Failure | None = None
    approved_minor: int | None = None  # partial approval; None: the whole amount
    currency: str | None = None  # of what was approved, where it is not the payment's
    then: str = "approved"  # after action or pending: approved | declined
    after_ms: int = 0  # pending: virtual time until the outcome
    held_ms: int | None = None  # how long a hold by it lasts, virtual; None: as long as any in this book


class Attempt(Struct, frozen=True, gc=False):
    """One try to charge a payment (Stripe: a charge)."""

    id: str
    amount_minor: int
    status: str  # pending | authorized | captured | failed | released
    captured_minor: int = 0
    refunded_minor: int = 0
    failure: Failure | None = None
    method: str | None = None
    created_ms: int = 0


class Payment(Struct, frozen=True, gc=False):
    """One payment object of a provider (Stripe: a payment intent). Amounts are integer minor units."""

    id: str
    amount_minor: int
    currency: str  # ISO 4217, upper case
    capture: Capture = Capture.AUTOMATIC
    status: Status = Status.NEW
    order_ref: str | None = None
    method: str | None = None  # the dialect's token of the payment method, for example pm_card_visa
    held_minor: int = 0  # what may still be captured
    captured_minor: int = 0
    refunded_minor: int = 0  # refunds that succeeded or are pending; a failed one is taken off again
    attempts: tuple[Attempt, ...] = ()
    failure: Failure | None = None  # of the last attempt
    void_reason: str | None = None
    is_disputed: bool = False
    confirms_again: bool = False  # after the challenge it waits to be charged once more
    is_authenticated: bool = False  # a challenge was passed, and it waits for that
    created_ms: int = 0
    held_until_ms: int | None = None  # when an authorization lapses, virtual
    details: Mapping[str, Any] = NOTHING  # fields only the dialect knows (metadata, description, ...)


class Refund(Struct, frozen=True, gc=False):
    """One refund of a payment."""

    id: str
    payment_id: str
    amount_minor: int
    currency: str
    status: str = "succeeded"  # pending | succeeded | failed | cancelled
    reason: str | None = None
    attempt_id: str | None = None
    created_ms: int = 0
    details: Mapping[str, Any] = NOTHING


class Dispute(Struct, frozen=True, gc=False):
    """One chargeback."""

    id: str
    payment_id: str
    amount_minor: int
    currency: str
    status: str = "open"  # open | won | lost
    reason: str = "fraudulent"
    created_ms: int = 0
    is_inquiry: bool = False  # the bank only asks; nothing is frozen, and the payment can be refunded
    is_second: bool = False  # it comes after one that was won, for the bank does not accept that
    due_ms: int | None = None  # until when it can be contested, virtual; else it is lost then
    is_contested: bool = False  # evidence was handed in, and the bank thinks about it


class LedgerEntry(Struct, frozen=True, gc=False):
    """One movement of money; its postings (account, signed minor units) sum to zero."""

    seq: int  # 1, 2, 3 ... within one book
    kind: str  # auth capture void expire refund refund_fail capture_fail
    #                            dispute_open dispute_won dispute_lost fee convert adjust payout
    payment_id: str | None
    amount_minor: int
    currency: str
    cause: str  # a call's id, or act:<kind> where the provider acted by itself
    at_ms: int  # virtual
    postings: tuple[tuple[str, int], ...] = ()
    refund_id: str | None = None
    dispute_id: str | None = None


class Happening(Struct, frozen=True, gc=False):
    """Something a provider tells by webhook: a neutral event with the snapshots it happened to."""

    # payment.created | payment.pending | payment.action_required | payment.authorized | payment.succeeded |
    # payment.failed | payment.voided | payment.expired | capture.failed | refund.created | refund.succeeded |
    # refund.failed | dispute.opened | dispute.contested | dispute.won | dispute.lost | payout.paid
    name: str
    payment: Payment
    before: Payment | None = None
    refund: Refund | None = None
    dispute: Dispute | None = None
    ledger: tuple[LedgerEntry, ...] = ()
    cause: str = ""  # a call's id or act:<kind>
    at_ms: int = 0


class Refusal(Struct, frozen=True, gc=False):
    """Why a command changed nothing (or, for a decline, moved no money); the dialect words it."""

    # unknown_object wrong_state amount_too_large amount_too_small already_refunded nothing_to_refund disputed
    # declined authentication_required invalid currency_mismatch
    code: str
    message: str
    param: str | None = None
    failure: Failure | None = None
    payment: Payment | None = None


class Outcome(Struct, frozen=True, gc=False):
    """What became of one command."""

    payment: Payment | None = None
    refund: Refund | None = None
    dispute: Dispute | None = None
    refusal: Refusal | None = None
    happenings: tuple[Happening, ...] = ()
    is_applied: bool = False  # money was moved or held, or an object was made or changed
