"""The payment intent as Stripe shows it."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Attempt, Payment, Status
from badgateway.providers.base import Account
from badgateway.providers.stripe.amount_details import NOTHING
from badgateway.providers.stripe.cards import advice, wording
from badgateway.providers.stripe.charge_object import charge_id
from badgateway.providers.stripe.errors import Problem, to_body
from badgateway.providers.stripe.networks import network_advice, network_decline
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.shopper_objects import payment_method_object
from badgateway.providers.stripe.units import to_wire

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
_PROCESSING = {"type": "card", "card": {"customer_notification": None}}


def payment_intent_object(payment: Payment, account: Account) -> dict[str, Any]:
    """Show a payment as it was in this snapshot; the object is for reading only, and may be given again."""
    kept = shelf(account)
    if kept.intent_shown is not None and kept.intent_shown[0] is payment:
        return kept.intent_shown[1]
    shown = _shown(payment, account)
    # An answer and the events beside it show one snapshot. Of these it says all that the object shows.
    if payment.failure is None and payment.status in _SAYS_ALL:
        kept.intent_shown = payment, shown
    return shown


def _shown(payment: Payment, account: Account) -> dict[str, Any]:
    get, currency, kept = payment.details.get, payment.currency, shelf(account)
    method = kept.methods.get(payment.method or "")
    attempt = payment.attempts[-1] if payment.attempts else None
    status = intent_status(payment)
    return {
        "id": payment.id,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": to_wire(payment.amount_minor, currency),
        "amount_capturable": to_wire(payment.held_minor, currency),
        "amount_details": get("amount_details") or {**NOTHING, "tip": {}},
        "amount_received": to_wire(payment.captured_minor, currency),
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": get("automatic_payment_methods"),
        "canceled_at": kept.ended_s.get(payment.id) if status == "canceled" else None,
        "cancellation_reason": "automatic" if payment.status is Status.EXPIRED else payment.void_reason,
        "capture_method": get("capture_method") or payment.capture.value,
        "client_secret": get("client_secret"),
        "confirmation_method": get("confirmation_method") or "automatic",
        "created": payment.created_ms // 1000,
        "currency": currency.lower(),
        "customer": get("customer"),
        "customer_account": None,
        "description": get("description"),
        "excluded_payment_method_types": None,
        "hooks": None,
        "last_payment_error": _last_error(payment, attempt, account),
        "latest_charge": charge_id(attempt) if attempt else None,
        "livemode": False,
        "managed_payments": None,
        "metadata": dict(get("metadata") or {}),
        "next_action": _next_action(payment, account) if status == "requires_action" else None,
        "on_behalf_of": None,
        "payment_details": None,
        "payment_method": None if status == "requires_payment_method" else payment.method,
        "payment_method_configuration_details": None,
        "payment_method_options": _options(get("payment_method_options")),
        "payment_method_types": _types(payment, method.type if method else "card"),
        "payment_record": None,
        "presentment_details": None,
        "processing": _PROCESSING if status == "processing" else None,
        "receipt_email": get("receipt_email"),
        "review": None,
        "setup_future_usage": get("setup_future_usage"),
        "shipping": get("shipping"),
        "source": None,
        "statement_descriptor": get("statement_descriptor"),
        "statement_descriptor_suffix": get("statement_descriptor_suffix"),
        "status": status,
        "transfer_data": None,
        "transfer_group": get("transfer_group"),
    }


def intent_status(payment: Payment) -> str:
    """Give Stripe's word for where a payment stands."""
    if payment.status is not Status.NEW:
        return _STATUSES[payment.status]
    if payment.method is None:
        return "requires_payment_method"
    is_fresh = payment.failure is None or payment.details.get("fresh_method") == payment.method
    return "requires_confirmation" if is_fresh else "requires_payment_method"


def _last_error(payment: Payment, attempt: Attempt | None, account: Account) -> dict[str, Any] | None:
    failure = payment.failure
    if failure is None:
        return None
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
    options = given if isinstance(given, dict) and given else {"card": {}}
    card = options.get("card")
    return {**options, "card": {**_CARD_OPTIONS, **card}} if isinstance(card, dict) else options


def _types(payment: Payment, used: str) -> list[str]:
    given = list(payment.details.get("payment_method_types") or ["card"])
    return given if used in given else [*given, used]
