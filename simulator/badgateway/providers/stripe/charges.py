"""Charges: retrieve, update, list. They are made by payment intents only."""

from __future__ import annotations

from badgateway.payments.model import Attempt, Payment
from badgateway.providers.base import Account
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.charge_object import PREFIX, charge_id, charge_object
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.render import changes
from badgateway.providers.stripe.shelf import shelf


def retrieve(call: Call) -> Done:
    """Show a charge."""
    attempt, payment = _need(call)
    return Done(charge_object(attempt, payment, call.account), payment)


def update(call: Call) -> Done:
    """Change what a charge says about itself."""
    attempt, payment = _need(call)
    shown = charge_object(attempt, payment, call.account)
    notes = dict(call.params)
    notes.pop("expand", None)
    if "metadata" in notes:
        notes["metadata"] = merged(shown["metadata"], notes["metadata"])
    kept = shelf(call.account).charge_notes.setdefault(shown["id"], {})
    kept.update(notes)
    after = charge_object(attempt, payment, call.account)
    if after != shown:
        note("charge.updated", after, call.account, before=changes(shown, after), payment=payment)
    return Done(after, payment, is_applied=True)


def listing(call: Call) -> Done:
    """List charges, newest first."""
    book = call.account.book
    intent, customer = call.params.get("payment_intent"), call.params.get("customer")
    group = call.params.get("transfer_group")
    found = [
        (attempt, payment)
        for payment in (book.payments() if intent is None else filter(None, [book.payment(intent)]))
        for attempt in payment.attempts
        if customer in {None, payment.details.get("customer")}
        and group in {None, payment.details.get("transfer_group")}
    ]
    found.sort(key=lambda one: one[0].created_ms)
    rows = page(call, found[::-1], lambda one: charge_id(one[0]), lambda one: one[0].created_ms // 1000)
    return Done(rows.show([charge_object(attempt, payment, call.account) for attempt, payment in rows.items]))


def find_charge(wanted: str, account: Account) -> tuple[Attempt, Payment] | None:
    """Give the attempt with this charge id and its payment, or None."""
    attempt_id = wanted.removeprefix(PREFIX)
    for payment in reversed(account.book.payments()):
        for attempt in payment.attempts:
            if attempt.id == attempt_id:
                return attempt, payment
    return None


def _need(call: Call) -> tuple[Attempt, Payment]:
    found = find_charge(call.id, call.account)
    if found is None:
        raise Refused(no_such("charge", call.id))
    return found
