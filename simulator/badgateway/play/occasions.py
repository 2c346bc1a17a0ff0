"""What brings an event about where nobody plays a story: a purchase, and what bank and provider do then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from badgateway.ground.ability import Ability
from badgateway.payments.book import Book
from badgateway.payments.commands import (
    Authenticate,
    CapturePayment,
    Clear,
    CloseDispute,
    Command,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    IncrementAuthorization,
    OpenDispute,
    RefundPayment,
    VoidPayment,
)
from badgateway.payments.model import Payment
from badgateway.play.account import Account
from badgateway.play.world import World
from badgateway.providers.base import Account as AnAccount

CAUSE = "act:trigger"
AMOUNT_MINOR, MORE_MINOR, PART_MINOR, CURRENCY = 2000, 2500, 800, "EUR"
NewId = Callable[[str], str]


@runtime_checkable
class Prompted(Protocol, metaclass=Ability):
    """What a dialect also offers whose events can be brought about by name."""

    name: str
    prompts: Mapping[str, str]  # event in the provider's own word -> a word of OCCASIONS

    def take(
        self,
        card: str,
        reference: str,
        amount_minor: int,
        currency: str,
        account: AnAccount,
        *,
        is_held: bool,
    ) -> None:
        """Take a purchase in as from a shop of this account, with the token of a card."""


# What comes after a purchase; None where the book has nothing to do it with.
_ACTS: Mapping[str, Callable[[Payment, Book, NewId], Command | None]] = MappingProxyType(
    {
        "capture": lambda payment, _, __: CapturePayment(payment.id),
        "capture a part": lambda payment, _, __: CapturePayment(payment.id, PART_MINOR),
        "increase": lambda payment, _, __: IncrementAuthorization(payment.id, MORE_MINOR),
        "void": lambda payment, _, __: VoidPayment(payment.id),
        "expire": lambda payment, _, __: ExpireAuthorization(payment.id),
        "clear": lambda payment, _, __: Clear(payment.id),
        "refuse": lambda payment, _, __: Authenticate(payment.id, is_passed=False),
        "reverse": lambda payment, _, __: FailCapture(payment.id),
        "refund": lambda payment, _, make: RefundPayment(make("re_"), payment.id),
        "return": lambda payment, book, _: _of_newest(book.refunds_of(payment.id), FailRefund),
        "dispute": lambda payment, _, make: OpenDispute(make("du_"), payment.id),
        "ask": lambda payment, _, make: OpenDispute(make("du_"), payment.id, is_inquiry=True),
        "dispute again": lambda payment, _, make: OpenDispute(make("du_"), payment.id, is_second=True),
        "win": lambda payment, book, _: _of_newest(book.disputes_of(payment.id), _won),
        "lose": lambda payment, book, _: _of_newest(book.disputes_of(payment.id), _lost),
    }
)
_PAY_OUT = "pay out"
_HELD = "held"  # as the first act: the money is not taken at once

# Occasion -> the neutral card that is bought with, and what happens then.
OCCASIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "paid": ("approved",),
        "held": ("approved", _HELD),
        "declined": ("declined",),
        "challenged": ("authentication_required",),
        "unauthenticated": ("authentication_required", "refuse"),
        "pending": ("pending_then_succeeds",),
        "cleared": ("pending_then_succeeds", "clear"),
        "captured": ("approved", _HELD, "capture"),
        "captured_in_part": ("approved", _HELD, "capture a part"),
        "increased": ("approved", _HELD, "increase"),
        "voided": ("approved", _HELD, "void"),
        "expired": ("approved", _HELD, "expire"),
        "capture_failed": ("approved", "reverse"),
        "refunded": ("approved", "refund"),
        "refund_failed": ("approved", "refund", "return"),
        "disputed": ("approved", "dispute"),
        "dispute_won": ("approved", "dispute", "win"),
        "dispute_lost": ("approved", "dispute", "lose"),
        "debit_returned": ("bank_debit", "clear", "dispute", "lose"),
        "disputed_again": ("approved", "dispute", "win", "dispute again"),
        "second_dispute_won": ("approved", "dispute", "win", "dispute again", "win"),
        "second_dispute_lost": ("approved", "dispute", "win", "dispute again", "lose"),
        "questioned": ("approved", "ask"),
        "question_over": ("approved", "ask", "win"),
        "paid_out": ("approved", _PAY_OUT),
    }
)


def bring_about(world: World, account: Account, event: str, card: str | None = None) -> Payment | None:
    """Do what brings an event of this account about, and give its payment; nothing is told yet.

    `card` is a neutral word, for another card than the usual one.
    """
    dialect = account.dialect
    assert isinstance(dialect, Prompted), "only events that can be brought about are asked for"
    usual, *acts = OCCASIONS[dialect.prompts[event]]
    for one in world.accounts:
        one.cause = CAUSE
    before = {id(one): len(one.book.payments()) for one in world.accounts}
    token, reference = dialect.cards[card or usual], f"T{world.ids.make('triggered order', 10)}"
    dialect.take(token, reference, AMOUNT_MINOR, CURRENCY, account, is_held=_HELD in acts)
    # Behind an orchestrator, the money is in the book of a gateway.
    found = [one.book for one in world.accounts if len(one.book.payments()) > before[id(one)]]
    if not found:
        return None
    book, payment = found[-1], found[-1].payments()[-1]
    for act in acts:
        if act == _PAY_OUT:
            book.settlement.settle(CAUSE)
            book.settlement.pay_out(CAUSE)
        elif act != _HELD:
            now = book.payment(payment.id) or payment
            command = _ACTS[act](now, book, lambda prefix: f"{prefix}{world.ids.make('triggered', 24)}")
            if command is not None:
                book.do(command, CAUSE)
    return book.payment(payment.id)


class _Known(Protocol):
    @property
    def id(self) -> str:
        """Give the id of a refund or a dispute."""


def _of_newest(known: tuple[_Known, ...], make: Callable[[str], Command]) -> Command | None:
    return make(known[-1].id) if known else None


def _won(dispute_id: str) -> Command:
    return CloseDispute(dispute_id, is_won=True)


def _lost(dispute_id: str) -> Command:
    return CloseDispute(dispute_id, is_won=False)
