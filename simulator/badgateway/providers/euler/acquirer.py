"""The port behind Euler: what it asks of whoever moves the money, and how an attempt stands there.

Nothing else in this folder touches an account's book, so that attempts can be sent to other gateways by
putting another implementation behind `acquirer_of`.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from badgateway.payments.model import Failure, Refusal, Status

APPROVED, DECLINED, PENDING, UNKNOWN = "approved", "declined", "pending", "unknown"

UNAVAILABLE = "unavailable"  # a refusal that proves nothing: the gateway did not say what it did


class Charge(Struct, frozen=True):
    """One attempt to be made. Amounts are minor units."""

    order_id: str
    n: int  # of the attempt, from 1
    amount_minor: int
    currency: str
    method: str  # id of an instrument on the shelf
    is_manual: bool
    texts: str  # in which a reader may find the merchant's own reference
    card: str = ""  # neutral word of what it is paid with
    kind: str = "CARD"  # of the method
    is_onward: bool = False  # the gateway before this one was asked in vain, within the same request


class Returned(Struct, frozen=True):
    """One refund as its gateway has it."""

    id: str
    request_id: str | None  # by which it was asked for; None: by nobody of the merchant's servers
    amount_minor: int
    status: str  # pending | succeeded | failed
    created_ms: int


class Disputed(Struct, frozen=True):
    """One chargeback as the gateway has it."""

    id: str
    amount_minor: int
    status: str  # open | won | lost
    reason: str
    created_ms: int
    is_question: bool = False  # the bank only asks; no money moves


class Standing(Struct, frozen=True):
    """How an attempt stands at its gateway: the outcome of its charge, and what became of it since.

    An `unknown` one was sent and never answered: it may have been carried out, and is asked after later.
    """

    outcome: str
    gateway: str
    reference: str | None  # the gateway's; None while it has told none
    status: Status | None = None  # in neutral words; None while the outcome is unknown
    approved_minor: int = 0  # what was held or taken at first
    held_minor: int = 0
    captured_minor: int = 0
    refunded_minor: int = 0
    currency: str = ""
    failure: Failure | None = None
    asks_shopper: bool = False  # pending, until the shopper has proved who pays
    is_reversed: bool = False  # a capture was taken back
    under_way: str | None = None  # capture | void: it was taken in, and its end is told later
    asked_as: str | None = None  # ours, by which the gateway is asked while it has told no reference
    refunds: tuple[Returned, ...] = ()
    disputes: tuple[Disputed, ...] = ()


class Result(Struct, frozen=True):
    """What came of one question to a gateway; with a refusal that is not applied it did nothing."""

    standing: Standing
    refusal: Refusal | None = None
    is_applied: bool = False
    refund_id: str | None = None


class Acquirer(Protocol):
    """One or more gateways. A reference names the attempt at the gateway that has given it."""

    def charge(self, charge: Charge) -> Result:
        """Hold or take money; the standing says at which gateway, and under which reference."""

    def challenged(self, reference: str, *, is_passed: bool) -> Result:
        """Go on after the shopper has answered the issuer's challenge."""

    def capture(self, reference: str, amount_minor: int | None) -> Result:
        """Take held money, all of it without an amount; the rest is released."""

    def void(self, reference: str) -> Result:
        """Release what is held, or give up an attempt that waits for its shopper."""

    def refund(self, reference: str, request_id: str | None, amount_minor: int) -> Result:
        """Give captured money back."""

    def moves_on(self, order_id: str, standing: Standing) -> bool:
        """Say whether another gateway is to be asked now that an attempt stands like this."""

    def fetch(self, reference: str) -> Standing | None:
        """Ask how an attempt stands now; None: the gateway has none under this reference."""
