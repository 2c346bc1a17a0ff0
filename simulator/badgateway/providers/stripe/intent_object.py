"""The payment intent as Stripe shows it."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Capture, Failure, Payment, Status
from badgateway.providers.base import Account
from badgateway.providers.stripe.amount_details import NOTHING
from badgateway.providers.stripe.cards import advice, wording
from badgateway.providers.stripe.charge_object import PREFIX, charge_id
from badgateway.providers.stripe.errors import Problem, to_body
from badgateway.providers.stripe.networks import network_advice, network_decline
from badgateway.providers.stripe.shelf import Method, shelf
from badgateway.providers.stripe.shopper_objects import payment_method_object
from badgateway.providers.stripe.units import UNLIKE_ISO, to_wire

# Fields that come back as they were given.
ECHOED = (
    "customer description receipt_email setup_future_usage shipping statement_descriptor "
    "statement_descriptor_suffix transfer_group confirmation_method"
)
_CARD_OPTIONS = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
# Every field of an intent as it stands where a payment says nothing about it.
_BLANK: dict[str, Any] = {
    "id": None,
    "object": "payment_intent",
    "allowed_payment_method_types": None,
    "amount": None,
    "amount_capturable": None,
    "amount_details": NOTHING,
    "amount_received": None,
    "application": None,
    "application_fee_amount": None,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "client_secret": None,
    "confirmation_method": "automatic",
    "created": None,
    "currency": None,
    "customer": None,
    "customer_account": None,
    "description": None,
    "excluded_payment_method_types": None,
    "hooks": None,
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "managed_payments": None,
    "metadata": {},
    "next_action": None,
    "on_behalf_of": None,
    "payment_details": None,
    "payment_method": None,
    "payment_method_configuration_details": None,
    "payment_method_options": {"card": _CARD_OPTIONS},
    "payment_method_types": None,
    "payment_record": None,
    "presentment_details": None,
    "processing": None,
    "receipt_email": None,
    "review": None,
    "setup_future_usage": None,
    "shipping": None,
    "source": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "status": None,
    "transfer_data": None,
    "transfer_group": None,
}
# What comes back as it was given: only where there is something in it, or empty as well.
_IF_FULL = frozenset({"amount_details", "capture_method", "confirmation_method", "metadata"})
_AS_GIVEN = frozenset({*ECHOED.split(), "automatic_payment_methods", "client_secret"}) - _IF_FULL
_SAYING_MORE = {"canceled", "requires_action", "processing", "requires_payment_method"}
_STATUSES = {
    Status.ACTION: "requires_action",
    Status.PENDING: "processing",
    Status.AUTHORIZED: "requires_capture",
    Status.SUCCEEDED: "succeeded",
    Status.VOIDED: "canceled",
    Status.EXPIRED: "canceled",
}
# In the others it counts when the intent ended, or where the pages for shoppers are.
_SAYS_ALL = {Status.NEW, Status.PENDING, Status.AUTHORIZED, Status.SUCCEEDED}
_CARD = ["card"]
_PROCESSING = {"type": "card", "card": {"customer_notification": None}}


def payment_intent_object(payment: Payment, account: Account) -> dict[str, Any]:
    """Show a payment as it was in this snapshot; the object is for reading only, and may be given again."""
    kept = shelf(account)
    if kept.intent_shown is not None and kept.intent_shown[0] is payment:
        return kept.intent_shown[1]
    shown = _shown(payment, account, kept.methods.get(payment.method or ""))
    # An answer and the events beside it show one snapshot. Of these it says all that the object shows.
    if payment.failure is None and payment.status in _SAYS_ALL:
        kept.intent_shown = payment, shown
    return shown


def _shown(payment: Payment, account: Account, method: Method | None) -> dict[str, Any]:
    details, currency, status = payment.details, payment.currency, intent_status(payment)
    amount, held, captured = payment.amount_minor, payment.held_minor, payment.captured_minor
    if currency in UNLIKE_ISO:
        amount, held, captured = (to_wire(minor, currency) for minor in (amount, held, captured))
    types, used = details.get("payment_method_types") or _CARD, method.type if method else "card"
    shown = _BLANK.copy()
    shown["id"] = payment.id
    shown["amount"] = amount
    shown["amount_capturable"] = held
    shown["amount_received"] = captured
    shown["created"] = payment.created_ms // 1000
    shown["currency"] = currency.lower()
    shown["payment_method"] = payment.method
    shown["payment_method_types"] = types if used in types else [*types, used]
    shown["status"] = status
    if payment.capture is Capture.MANUAL:
        shown["capture_method"] = "manual"
    for name, given in details.items():
        if given is not None and (name in _AS_GIVEN or (given and name in _IF_FULL)):
            shown[name] = given
    if options := details.get("payment_method_options"):
        shown["payment_method_options"] = _options(options)
    if payment.attempts:
        shown["latest_charge"] = PREFIX + payment.attempts[-1].id
    if payment.failure is not None:
        shown["last_payment_error"] = _last_error(payment, payment.failure, account)
    if status in _SAYING_MORE:
        shown.update(_said_more(payment, status, account))
    return shown


def _said_more(payment: Payment, status: str, account: Account) -> dict[str, Any]:
    """Give the fields that only intents of this status have."""
    if status == "canceled":
        why = "automatic" if payment.status is Status.EXPIRED else payment.void_reason
        return {"canceled_at": shelf(account).ended_s.get(payment.id), "cancellation_reason": why}
    if status == "requires_action":
        return {"next_action": _next_action(payment, account)}
    # What was refused is not shown as what it will be paid with.
    return {"processing": _PROCESSING} if status == "processing" else {"payment_method": None}


def intent_status(payment: Payment) -> str:
    """Give Stripe's word for where a payment stands."""
    if payment.status is not Status.NEW:
        return _STATUSES[payment.status]
    if payment.method is None:
        return "requires_payment_method"
    is_fresh = payment.failure is None or payment.details.get("fresh_method") == payment.method
    return "requires_confirmation" if is_fresh else "requires_payment_method"


def _last_error(payment: Payment, failure: Failure, account: Account) -> dict[str, Any]:
    attempt = payment.attempts[-1] if payment.attempts else None
    words = wording(failure)
    used = attempt.method if attempt and attempt.failure == failure else payment.method
    method = shelf(account).methods.get(used or "")
    problem = Problem(
        402,
        words.message,
        words.code,
        words.type,
        decline_code=words.decline_code,
        advice_code=advice(failure),
        network_advice_code=network_advice(failure),
        network_decline_code=network_decline(failure),
        charge=charge_id(attempt) if attempt and attempt.failure == failure else None,
        payment_method=payment_method_object(method) if method else None,
        payment_method_type=method.type if method else None,
    )
    shown: dict[str, Any] = to_body(problem)["error"]
    return shown


def _next_action(payment: Payment, account: Account) -> dict[str, Any]:
    page = f"{shelf(account).home}/3d_secure_2/hosted?payment_intent={payment.id}"
    return {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": payment.details.get("return_url"), "url": page},
    }


def _options(given: Any) -> dict[str, Any]:
    options = given if isinstance(given, dict) else {"card": {}}
    card = options.get("card")
    return {**options, "card": {**_CARD_OPTIONS, **card}} if isinstance(card, dict) else options
