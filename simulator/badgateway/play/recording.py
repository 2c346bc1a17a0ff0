"""What the journal is told of one call: that it arrived, what it committed, and how it was answered."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from badgateway.ground.message import Reply, Request, find_header
from badgateway.journal.form import Form
from badgateway.payments.model import Attempt
from badgateway.providers.base import Answer

if TYPE_CHECKING:
    from badgateway.play.exchange import Call

# What is written of each call; the values stand in the same order where they are noted.
_ARRIVED = Form(
    "call.arrived",
    "call",
    "provider",
    "by",
    "within",
    "op",
    "n",
    "key",
    "body_hash",
    "credential",
    "payment",
    "refund",
    "amount_minor",
    "currency",
    "breakdown_minor",
    "is_ours",
    "path",
    "method",
)
_COMMITTED = Form(
    "call.committed",
    "call",
    "is_applied",
    "is_replayed",
    "status",
    "refusal",
    "is_final",
    "payment",
    "payment_status",
    "is_hard",
    "advice",
    "card",
    "is_old",
)
ANSWERED = Form(
    "call.answered",
    "call",
    "status",
    "effect",
    "is_complete",
    "is_true",
    "parked_ms",
    "body_status",
    "retry_after_ms",
)


def journal_arrival(call: Call, request: Request, *, is_ours: bool) -> None:
    """Journal who asks for what; `is_ours`: the reference of an order of the story stands in it."""
    world, parsed = call.world, call.parsed
    by = call.by
    world.journal.note(
        _ARRIVED,
        call.order,
        (
            call.id,
            call.dialect.name,
            by,
            world.answering if by else None,
            call.op,
            call.n,
            parsed.key,
            parsed.fingerprint,
            masked(parsed.credential),
            parsed.payment_id,
            parsed.refund_id,
            parsed.amount_minor,
            parsed.currency,
            parsed.breakdown_minor,
            is_ours,
            request.path,
            request.method,
        ),
    )


def journal_commit(
    call: Call, answer: Answer, *, is_applied: bool, is_replayed: bool = False, is_old: bool = False
) -> None:
    """Journal what the provider did; `is_old`: it showed how things had stood before."""
    tried = _attempt(call, answer) if is_applied and call.op == "charge" else None
    failure = tried.failure if tried is not None else None
    call.world.journal.note(
        _COMMITTED,
        call.order,
        (
            call.id,
            is_applied,
            is_replayed,
            answer.reply.status,
            answer.refusal,
            answer.is_final,
            answer.payment_id,
            answer.payment_status,
            failure.is_hard if failure is not None else None,
            failure.advice if failure is not None else None,
            _card(call, tried) if tried is not None else None,
            is_old or None,
        ),
    )


@lru_cache(maxsize=1000)  # there are some few, each of which comes with every call
def masked(credential: str | None) -> str | None:
    """Show enough of a key to tell two apart, and no more."""
    return None if credential is None else f"{credential[:8]}…{credential[-4:]}"


def retry_after_ms(reply: Reply) -> int | None:
    """Give how long an answer asks to wait; a date is left out, simulated providers send seconds."""
    text = find_header(reply.headers, "retry-after")
    return int(text) * 1000 if text is not None and text.isascii() and text.isdigit() else None


def _attempt(call: Call, answer: Answer) -> Attempt | None:
    """Give the attempt that a charge has just made; a refused one leaves none."""
    if answer.payment_id is None:
        return None
    payment = call.account.book.payment(answer.payment_id)
    return payment.attempts[-1] if payment is not None and payment.attempts else None


def _card(call: Call, tried: Attempt) -> str | None:
    account = call.account
    cards = account.knows_cards
    return cards.instrument(tried.method, account) if cards is not None else None
