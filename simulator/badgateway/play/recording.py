"""What the journal is told of one call: that it arrived, and what it committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from badgateway.ground.message import Request
from badgateway.payments.model import Attempt
from badgateway.providers.base import Answer

if TYPE_CHECKING:
    from badgateway.play.exchange import Call


def journal_arrival(call: Call, request: Request, *, is_ours: bool) -> None:
    """Journal who asks for what; `is_ours`: the reference of an order of the story stands in it."""
    world, parsed = call.world, call.parsed
    world.journal.write(
        "call.arrived",
        call.order,
        call=call.id,
        provider=call.dialect.name,
        by=call.by,
        within=world.answering if call.by else None,
        op=call.op,
        n=call.n,
        key=parsed.key,
        body_hash=parsed.fingerprint,
        credential=masked(parsed.credential),
        payment=parsed.payment_id,
        refund=parsed.refund_id,
        amount_minor=parsed.amount_minor,
        currency=parsed.currency,
        breakdown_minor=parsed.breakdown_minor,
        is_ours=is_ours,
        path=request.path,
        method=request.method,
    )


def journal_commit(
    call: Call, answer: Answer, *, is_applied: bool, is_replayed: bool = False, is_old: bool = False
) -> None:
    """Journal what the provider did; `is_old`: it showed how things had stood before."""
    tried = _attempt(call, answer) if is_applied and call.op == "charge" else None
    failure = tried.failure if tried is not None else None
    call.world.journal.write(
        "call.committed",
        call.order,
        call=call.id,
        is_applied=is_applied,
        is_replayed=is_replayed,
        status=answer.reply.status,
        refusal=answer.refusal,
        is_final=answer.is_final,
        payment=answer.payment_id,
        payment_status=answer.payment_status,
        is_hard=failure.is_hard if failure is not None else None,
        advice=failure.advice if failure is not None else None,
        card=_card(call, tried) if tried is not None else None,
        is_old=is_old or None,
    )


def masked(credential: str | None) -> str | None:
    """Show enough of a key to tell two apart, and no more."""
    return None if credential is None else f"{credential[:8]}…{credential[-4:]}"


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
