"""Charges: retrieve, update, list. They are made by payment intents only."""

from __future__ import annotations

from badgateway.payments.model import Attempt, Payment
from badgateway.providers.base import Account
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.charge_object import PREFIX, charge_id, charge_object
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page_of
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
    payment = book.payment(intent) if intent is not None else None
    of_intent = [(attempt, payment) for attempt in payment.attempts] if payment is not None else []
    rows = page_of(
        call,
        book.attempts() if intent is None else of_intent,
        lambda one: charge_id(one[0]),
        lambda one: one[0].created_ms // 1000,
        lambda one: (
            customer in {None, one[1].details.get("customer")}
            and group in {None, one[1].details.get("transfer_group")}
        ),
        key_of=lambda cursor: cursor.removeprefix(PREFIX),
    )
    return Done(rows.show([charge_object(attempt, payment, call.account) for attempt, payment in rows.items]))


def find_charge(wanted: str, account: Account) -> tuple[Attempt, Payment] | None:
    """Give the attempt with this charge id and its payment, or None."""
    attempt_id = wanted.removeprefix(PREFIX)
    payment: Payment | None = account.book.payment_of_attempt(attempt_id)
    attempts = payment.attempts if payment is not None else ()
    return next(((one, payment) for one in attempts if payment and one.id == attempt_id), None)


def _need(call: Call) -> tuple[Attempt, Payment]:
    found = find_charge(call.id, call.account)
    if found is None:
        raise Refused(no_such("charge", call.id))
    return found
