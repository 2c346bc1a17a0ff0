"""Refunds: create, retrieve, update, cancel, list."""

from __future__ import annotations

from dataclasses import replace

from badgateway.payments.commands import RefundPayment
from badgateway.payments.decisions import refund_outcome
from badgateway.payments.model import Outcome, Payment, Refund
from badgateway.providers.stripe.amounts import part
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.charge_object import PREFIX
from badgateway.providers.stripe.charges import find_charge
from badgateway.providers.stripe.errors import Refused, invalid, missing, no_such
from badgateway.providers.stripe.lists import page_of
from badgateway.providers.stripe.methods import word_of
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.refund_object import refund_object
from badgateway.providers.stripe.refusals import refused
from badgateway.providers.stripe.render import changes
from badgateway.providers.stripe.shelf import shelf


def create(call: Call) -> Done:
    """Give captured money back; without an amount all that is left."""
    payment = _payment(call)
    asked = call.params.get("amount")
    minor = None if asked is None else part(asked, payment.currency, "amount")
    method = payment.attempts[-1].method if payment.attempts else None
    command = RefundPayment(
        id=f"re_3{call.account.ids.make('refund', 23)}",
        payment_id=payment.id,
        amount_minor=minor,
        reason=call.params.get("reason"),
        outcome=refund_outcome(word_of(method, call.account)),
        details={
            "metadata": merged({}, call.params.get("metadata")),
            "instructions_email": call.params.get("instructions_email"),
        },
    )
    outcome: Outcome = call.account.book.do(command, call.account.cause)
    if outcome.refusal is not None:
        raise Refused(refused(outcome, "refund", call.account))
    assert outcome.refund is not None, "a refund that was not refused is there"
    shown = refund_object(outcome.refund, call.account)
    return Done(shown, outcome.payment, outcome.refund.id, is_applied=outcome.is_applied)


def retrieve(call: Call) -> Done:
    """Show a refund."""
    refund = _need(call)
    payment = call.account.book.payment(refund.payment_id)
    return Done(refund_object(refund, call.account), payment, refund.id)


def update(call: Call) -> Done:
    """Change a refund's metadata, which is all that can be changed."""
    refund = _need(call)
    before = refund_object(refund, call.account)
    if "metadata" in call.params:
        notes = shelf(call.account).refund_notes
        old = notes.get(refund.id, refund.details.get("metadata") or {})
        notes[refund.id] = merged(old, call.params["metadata"])
    payment = call.account.book.payment(refund.payment_id)
    shown = refund_object(refund, call.account)
    for kind in ("refund.updated", "charge.refund.updated") if shown != before else ():
        note(kind, shown, call.account, before=changes(before, shown), payment=payment)
    return Done(shown, payment, refund.id, is_applied=True)


def cancel(call: Call) -> Done:
    """Refuse: only a refund that waits for the shopper can be cancelled, and here none ever does."""
    refund = _need(call)
    what = f"This refund cannot be canceled because it has a status of {refund.status}."
    raise Refused(replace(invalid(what), refusal="wrong_state", is_stored=True))


def listing(call: Call) -> Done:
    """List refunds, newest first."""
    book, wanted = call.account.book, call.params.get("payment_intent")
    charge = call.params.get("charge")
    rows = page_of(
        call,
        book.refunds() if wanted is None else book.refunds_of(wanted),
        lambda one: one.id,
        lambda one: one.created_ms // 1000,
        lambda one: charge is None or charge == f"{PREFIX}{one.attempt_id}",
    )
    return Done(rows.show([refund_object(refund, call.account) for refund in rows.items]))


def _payment(call: Call) -> Payment:
    wanted, charge = call.params.get("payment_intent"), call.params.get("charge")
    if wanted is None and charge is None:
        raise Refused(missing("payment_intent"))
    if charge is not None:
        found = find_charge(charge, call.account)
        if found is None:
            raise Refused(no_such("charge", charge, "charge"))
        payment = found[1]
        if wanted not in {None, payment.id} or found[0].id != payment.attempts[-1].id:
            raise Refused(invalid("The charge is not one that this PaymentIntent can refund.", "charge"))
        return payment
    known: Payment | None = call.account.book.payment(wanted)
    if known is None:
        raise Refused(no_such("payment_intent", str(wanted), "payment_intent"))
    return known


def _need(call: Call) -> Refund:
    refund: Refund | None = call.account.book.refund(call.id)
    if refund is None:
        raise Refused(no_such("refund", call.id))
    return refund
