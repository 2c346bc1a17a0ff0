"""What the book refuses, in Stripe's words."""

from __future__ import annotations

from badgateway.payments.decisions import failure as failure_of
from badgateway.payments.model import Outcome, Payment, Refusal, Status
from badgateway.providers.base import Account
from badgateway.providers.stripe.cards import advice, wording
from badgateway.providers.stripe.charge_object import charge_id
from badgateway.providers.stripe.errors import Problem
from badgateway.providers.stripe.intent_object import intent_status, payment_intent_object
from badgateway.providers.stripe.networks import network_advice, network_decline
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.shopper_objects import payment_method_object
from badgateway.providers.stripe.units import to_wire

_VERBS = {
    "charge": "confirm", "capture": "capture", "void": "cancel", "update": "update", "refund": "refund",
    "increment": "increment", "act": "do this to",
}  # fmt: skip


def refused(outcome: Outcome, what: str, account: Account, param: str = "amount") -> Problem:
    """Word a refused command; `what` is charge, capture, void, update or refund, `param` its amount."""
    refusal = outcome.refusal
    assert refusal is not None, "only a refused outcome has a problem"
    if refusal.code in {"declined", "authentication_required"}:
        return _declined(outcome, refusal, account)
    payment = refusal.payment or outcome.payment
    if refusal.code == "wrong_state" and payment is not None:
        return wrong_state(payment, what, account)
    code, message = _words(refusal.code, what, payment, refusal.message)
    is_about_amount = refusal.code.startswith("amount_")
    return Problem(
        400,
        message,
        code,
        param=param if is_about_amount else None,
        refusal=refusal.code,
        is_stored=True,
        payment_id=payment.id if payment else None,
        payment_status=payment.status.value if payment else None,
    )


def wrong_state(payment: Payment, what: str, account: Account) -> Problem:
    """Refuse what a payment in this status does not allow; the intent comes with the error."""
    is_lapsed = payment.status is Status.EXPIRED and what == "capture"
    status = intent_status(payment)
    return Problem(
        400,
        f"You cannot {_VERBS[what]} this PaymentIntent because it has a status of {status}.",
        "capture_charge_authorization_expired" if is_lapsed else "payment_intent_unexpected_state",
        payment_intent=payment_intent_object(payment, account),
        refusal="wrong_state",
        is_stored=True,
        payment_id=payment.id,
        payment_status=payment.status.value,
    )


def _declined(outcome: Outcome, refusal: Refusal, account: Account) -> Problem:
    payment = outcome.payment
    assert payment is not None, "a decline leaves a payment behind"
    why = refusal.failure or failure_of("declined")
    words, attempt = wording(why), payment.attempts[-1]
    method = shelf(account).methods.get(attempt.method or "")
    return Problem(
        402,
        words.message,
        words.code,
        "card_error",
        decline_code=words.decline_code,
        advice_code=advice(why),
        network_advice_code=network_advice(why),
        network_decline_code=network_decline(why),
        charge=charge_id(attempt),
        payment_intent=payment_intent_object(payment, account),
        payment_method=payment_method_object(method) if method else None,
        refusal=refusal.code,
        is_stored=True,
        is_applied=outcome.is_applied,
        payment_id=payment.id,
        payment_status=payment.status.value,
    )


def _words(code: str, what: str, payment: Payment | None, message: str) -> tuple[str | None, str]:
    charge = charge_id(payment.attempts[-1]) if payment and payment.attempts else "of this payment"
    left = payment.captured_minor - payment.refunded_minor if payment else 0
    shown_left = to_wire(left, payment.currency) if payment else 0
    known: dict[str, tuple[str | None, str]] = {
        "already_refunded": ("charge_already_refunded", f"Charge {charge} has already been refunded."),
        "nothing_to_refund": (
            "charge_not_refundable",
            "This PaymentIntent does not have a successful charge to refund.",
        ),
        "disputed": ("charge_disputed", f"Charge {charge} has been charged back."),
        "amount_too_small": ("parameter_invalid_integer", "This value must be greater than or equal to 1."),
    }
    if code == "amount_too_large":
        if what == "refund":
            # Recordings show no code here.
            return None, f"The refund is greater than the unrefunded amount of the charge ({shown_left})."
        return "amount_too_large", "The amount to capture is greater than the amount that can be captured."
    return known.get(code, (None, message[:1].upper() + message[1:] + "."))
