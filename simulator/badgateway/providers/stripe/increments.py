"""Asking for more of a hold: increment_authorization."""

from __future__ import annotations

from badgateway.payments.commands import IncrementAuthorization, UpdatePayment
from badgateway.payments.model import Outcome
from badgateway.providers.stripe.amounts import charged
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, invalid
from badgateway.providers.stripe.holds import INCREMENTS, is_granted
from badgateway.providers.stripe.intent_object import payment_intent_object
from badgateway.providers.stripe.intents import need
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.refusals import refused
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.units import to_wire

TRIES_MAX = 10


def increment(call: Call) -> Done:
    """Hold a new total, where that was asked for when the intent was confirmed."""
    payment, account, params = need(call), call.account, call.params
    amount = charged(params["amount"], payment.currency)
    if payment.held_minor:
        if not is_granted(payment, INCREMENTS, account):
            what = (
                "This PaymentIntent cannot be incremented: ask for it with "
                "payment_method_options[card][request_incremental_authorization]=if_available."
            )
            raise Refused(invalid(what))
        if amount <= payment.amount_minor:
            least = to_wire(payment.amount_minor, payment.currency)
            raise Refused(invalid(f"The amount must be greater than what is authorized ({least}).", "amount"))
        if shelf(account).increments[payment.id] >= TRIES_MAX:
            raise Refused(invalid(f"A PaymentIntent is incremented at most {TRIES_MAX} times."))
        shelf(account).increments[payment.id] += 1
    outcome: Outcome = account.book.do(IncrementAuthorization(payment.id, amount), account.cause)
    if outcome.refusal is not None:
        raise Refused(refused(outcome, "increment", account))
    details = dict(payment.details)
    details |= {name: params[name] for name in ("description", "statement_descriptor") if name in params}
    if "metadata" in params:
        details["metadata"] = merged(details.get("metadata") or {}, params["metadata"])
    account.book.do(UpdatePayment(payment.id, details=details), account.cause)
    now = account.book.payment(payment.id)
    return Done(payment_intent_object(now, account), now, is_applied=True)
