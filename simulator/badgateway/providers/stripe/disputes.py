"""Disputes: retrieve and list. Evidence cannot be handed in yet."""

from __future__ import annotations

from badgateway.payments.model import Dispute
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.charge_object import charge_id
from badgateway.providers.stripe.dispute_object import dispute_object
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page


def retrieve(call: Call) -> Done:
    """Show a dispute."""
    dispute: Dispute | None = call.account.book.dispute(call.id)
    if dispute is None:
        raise Refused(no_such("dispute", call.id))
    payment = call.account.book.payment(dispute.payment_id)
    return Done(dispute_object(dispute, payment), payment)


def listing(call: Call) -> Done:
    """List disputes, newest first."""
    book, intent, charge = call.account.book, call.params.get("payment_intent"), call.params.get("charge")
    found = [
        (dispute, payment)
        for payment in (book.payments() if intent is None else filter(None, [book.payment(intent)]))
        for dispute in book.disputes_of(payment.id)
        if charge in {None, charge_id(payment.attempts[-1])}
    ]
    found.sort(key=lambda one: one[0].created_ms)
    rows = page(call, found[::-1], lambda one: one[0].id, lambda one: one[0].created_ms // 1000)
    return Done(rows.show([dispute_object(dispute, payment) for dispute, payment in rows.items]))
