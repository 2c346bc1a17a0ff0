"""Intents and charges written out field by field: slowly, and as anybody would."""

from badgateway.payments.model import Status
from badgateway.providers.stripe.amount_details import NOTHING
from badgateway.providers.stripe.cards import advice, wording
from badgateway.providers.stripe.charge_object import charge_id
from badgateway.providers.stripe.errors import Problem, to_body
from badgateway.providers.stripe.holds import (
    EXTENDED,
    INCREMENTS,
    MULTICAPTURE,
    OVERCAPTURE,
    is_granted,
    over_minor,
)
from badgateway.providers.stripe.intent_object import intent_status
from badgateway.providers.stripe.networks import network_advice, network_decline
from badgateway.providers.stripe.settled import line_of_charge
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.shopper_objects import (
    billing_details,
    checks,
    debited_account,
    payment_method_object,
)
from badgateway.providers.stripe.units import to_wire

CARD_OPTIONS = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
RISK_SCORES = {"normal": 20, "elevated": 70, "highest": 90}
AUTHORIZED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": RISK_SCORES["normal"],
    "rule": None,
    "seller_message": "Payment complete.",
    "type": "authorized",
}
UNPAID = {"failed": "failed", "pending": "pending"}
AVAILABLE, UNAVAILABLE = {"status": "available"}, {"status": "unavailable"}
ENABLED, DISABLED = {"status": "enabled"}, {"status": "disabled"}


def plain_intent(payment, account):
    """Write an intent out, field by field."""
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
        "last_payment_error": plain_error(payment, attempt, account),
        "latest_charge": charge_id(attempt) if attempt else None,
        "livemode": False,
        "managed_payments": None,
        "metadata": dict(get("metadata") or {}),
        "next_action": next_action(payment, account) if status == "requires_action" else None,
        "on_behalf_of": None,
        "payment_details": None,
        "payment_method": None if status == "requires_payment_method" else payment.method,
        "payment_method_configuration_details": None,
        "payment_method_options": plain_options(get("payment_method_options")),
        "payment_method_types": plain_types(payment, method.type if method else "card"),
        "payment_record": None,
        "presentment_details": None,
        "processing": {"type": "card", "card": {"customer_notification": None}}
        if status == "processing"
        else None,
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


def plain_error(payment, attempt, account):
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
    return to_body(problem)["error"]


def next_action(payment, account):
    page = f"{shelf(account).home}/3d_secure_2/hosted?payment_intent={payment.id}"
    return {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": payment.details.get("return_url"), "url": page},
    }


def plain_options(given):
    options = given if isinstance(given, dict) and given else {"card": {}}
    card = options.get("card")
    return {**options, "card": {**CARD_OPTIONS, **card}} if isinstance(card, dict) else options


def plain_types(payment, used):
    given = list(payment.details.get("payment_method_types") or ["card"])
    return given if used in given else [*given, used]


def plain_charge(attempt, payment, account):
    """Write a charge out, field by field."""
    get, currency = payment.details.get, payment.currency
    method = shelf(account).methods.get(attempt.method or "")
    is_last, is_released = payment.attempts[-1].id == attempt.id, attempt.status == "released"
    is_reversed = attempt.failure is not None and attempt.failure.code == "capture_failed"
    given_back = attempt.amount_minor if is_released else attempt.refunded_minor
    words = wording(attempt.failure) if attempt.failure else None
    return {
        "id": charge_id(attempt),
        "object": "charge",
        "amount": to_wire(attempt.amount_minor, currency),
        "amount_captured": to_wire(attempt.captured_minor, currency),
        "amount_refunded": to_wire(given_back, currency),
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "authorization_code": None,
        "balance_transaction": line_of_charge(payment, account) if is_last else None,
        "billing_details": billing_details(method.billing if method else {}),
        "calculated_statement_descriptor": get("statement_descriptor") or "BADGATEWAY",
        "captured": attempt.captured_minor > 0 or is_reversed,
        "created": attempt.created_ms // 1000,
        "currency": currency.lower(),
        "customer": get("customer"),
        "description": get("description"),
        "disputed": is_last and payment.is_disputed,
        "failure_balance_transaction": None,
        "failure_code": words.code if words else None,
        "failure_message": words.message if words else None,
        "fraud_details": {},
        "level3": None,
        "livemode": False,
        "metadata": dict(get("metadata") or {}),
        "on_behalf_of": None,
        "outcome": plain_outcome(attempt, method),
        "paid": attempt.status not in UNPAID,
        "payment_intent": payment.id,
        "payment_method": attempt.method,
        "payment_method_details": plain_method(method, attempt, payment, account),
        "presentment_details": None,
        "radar_options": {},
        "receipt_email": get("receipt_email"),
        "receipt_number": None,
        "receipt_url": None,
        "refunded": is_released or 0 < attempt.captured_minor <= attempt.refunded_minor,
        "refunds": None,
        "review": None,
        "shipping": get("shipping"),
        "source": None,
        "source_transfer": None,
        "statement_descriptor": get("statement_descriptor"),
        "statement_descriptor_suffix": get("statement_descriptor_suffix"),
        "status": UNPAID.get(attempt.status, "succeeded"),
        "transfer": None,
        "transfer_data": None,
        "transfer_group": get("transfer_group"),
    }


def plain_outcome(attempt, method):
    if attempt.status == "pending":
        return None
    failure = attempt.failure
    if failure is None:
        risk = method.risk if method else "normal"
        return {**AUTHORIZED, "risk_level": risk, "risk_score": RISK_SCORES[risk]}
    words = wording(failure)
    is_blocked = failure.code == "fraudulent"
    risk = "highest" if is_blocked else method.risk if method else "normal"
    return {
        "advice_code": advice(failure),
        "network_advice_code": network_advice(failure),
        "network_decline_code": network_decline(failure),
        "network_status": plain_network_status(failure, is_blocked=is_blocked),
        "reason": words.decline_code or words.code,
        "risk_level": risk,
        "risk_score": RISK_SCORES[risk],
        "rule": None,
        "seller_message": words.message,
        "type": "blocked" if is_blocked else "issuer_declined",
    }


def plain_network_status(failure, *, is_blocked):
    if failure.code == "capture_failed":
        return "reversed_after_approval"
    return "not_sent_to_network" if is_blocked else "declined_by_network"


def plain_method(method, attempt, payment, account):
    if method is None:
        return None
    if method.type != "card":
        return {"type": method.type, method.type: debited_account(method)}
    until_ms = payment.held_until_ms if attempt.status == "authorized" else None
    most_minor = attempt.amount_minor + over_minor(payment, attempt.amount_minor, account)
    # What else may be done with a hold, while there is one.
    is_held = until_ms is not None
    card = {
        "amount_authorized": to_wire(attempt.amount_minor, payment.currency),
        "authorization_code": None,
        "brand": method.brand,
        "capture_before": until_ms // 1000 if until_ms else None,
        "checks": checks(method, "pass"),
        "country": "US",
        "description": None,
        "electronic_commerce_indicator": None,
        "exp_month": method.exp_month,
        "exp_year": method.exp_year,
        "extended_authorization": ENABLED if is_held and is_granted(payment, EXTENDED, account) else DISABLED,
        "fingerprint": method.fingerprint,
        "funding": method.funding,
        "iin": None,
        "incremental_authorization": AVAILABLE
        if is_held and is_granted(payment, INCREMENTS, account)
        else UNAVAILABLE,
        "installments": None,
        "issuer": None,
        "last4": method.last4,
        "mandate": None,
        "moto": None,
        "multicapture": AVAILABLE if is_held and is_granted(payment, MULTICAPTURE, account) else UNAVAILABLE,
        "network": method.brand,
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {
            "maximum_amount_capturable": to_wire(most_minor, payment.currency),
            **(AVAILABLE if is_held and is_granted(payment, OVERCAPTURE, account) else UNAVAILABLE),
        },
        "regulated_status": "unregulated",
        "setup_credential_usage": None,
        "stored_credential_usage": None,
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }
    return {"type": "card", "card": card}
