"""The charge as Stripe shows it: one attempt of a payment."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Attempt, Failure, Payment
from badgateway.providers.base import Account
from badgateway.providers.stripe.cards import advice, wording
from badgateway.providers.stripe.holds import (
    EXTENDED,
    INCREMENTS,
    MULTICAPTURE,
    OVERCAPTURE,
    is_granted,
    over_minor,
)
from badgateway.providers.stripe.networks import network_advice, network_decline
from badgateway.providers.stripe.settled import line_of_charge
from badgateway.providers.stripe.shelf import Method, shelf
from badgateway.providers.stripe.shopper_objects import billing_details, checks, debited_account
from badgateway.providers.stripe.units import to_wire

PREFIX = "ch_3"
_RISK_SCORES = {"normal": 20, "elevated": 70, "highest": 90}
_AUTHORIZED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": _RISK_SCORES["normal"],
    "rule": None,
    "seller_message": "Payment complete.",
    "type": "authorized",
}
_STATUSES = {"failed": "failed", "pending": "pending"}
_AVAILABLE, _UNAVAILABLE = {"status": "available"}, {"status": "unavailable"}
_ENABLED, _DISABLED = {"status": "enabled"}, {"status": "disabled"}


def charge_id(attempt: Attempt) -> str:
    """Give the id of a charge."""
    return PREFIX + attempt.id


def charge_object(attempt: Attempt, payment: Payment, account: Account) -> dict[str, Any]:
    """Show one attempt as it was in this snapshot of its payment; the object is for reading only."""
    shown, notes = _shown(attempt, payment, account), shelf(account).charge_notes.get(charge_id(attempt))
    return shown if notes is None else {**shown, **notes}


def _shown(attempt: Attempt, payment: Payment, account: Account) -> dict[str, Any]:
    get, currency = payment.details.get, payment.currency
    method = shelf(account).methods.get(attempt.method or "")
    is_released = attempt.status == "released"
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
        "balance_transaction": line_of_charge(attempt, payment, account),
        "billing_details": billing_details(method.billing if method else {}),
        "calculated_statement_descriptor": get("statement_descriptor") or "BADGATEWAY",
        "captured": attempt.captured_minor > 0 or is_reversed,
        "created": attempt.created_ms // 1000,
        "currency": currency.lower(),
        "customer": get("customer"),
        "description": get("description"),
        "disputed": _is_disputed(attempt, payment, account),
        "failure_balance_transaction": None,
        "failure_code": words.code if words else None,
        "failure_message": words.message if words else None,
        "fraud_details": {},
        "level3": None,
        "livemode": False,
        "metadata": dict(get("metadata") or {}),
        "on_behalf_of": None,
        "outcome": _outcome(attempt, method),
        "paid": attempt.status not in _STATUSES,
        "payment_intent": payment.id,
        "payment_method": attempt.method,
        "payment_method_details": _method_details(method, attempt, payment, account),
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
        "status": _STATUSES.get(attempt.status, "succeeded"),
        "transfer": None,
        "transfer_data": None,
        "transfer_group": get("transfer_group"),
    }


def _is_disputed(attempt: Attempt, payment: Payment, account: Account) -> bool:
    # Stripe's flag stays after a dispute was won.
    is_last = payment.attempts[-1].id == attempt.id
    return is_last and (payment.is_disputed or bool(account.book.disputes_of(payment.id)))


def _outcome(attempt: Attempt, method: Method | None) -> dict[str, Any] | None:
    if attempt.status == "pending":
        return None
    failure = attempt.failure
    if failure is None:
        risk = method.risk if method else "normal"
        return {**_AUTHORIZED, "risk_level": risk, "risk_score": _RISK_SCORES[risk]}
    words = wording(failure)
    is_blocked = failure.code == "fraudulent"
    risk = "highest" if is_blocked else method.risk if method else "normal"
    return {
        "advice_code": advice(failure),
        "network_advice_code": network_advice(failure),
        "network_decline_code": network_decline(failure),
        "network_status": _network_status(failure, is_blocked=is_blocked),
        "reason": words.decline_code or words.code,
        "risk_level": risk,
        "risk_score": _RISK_SCORES[risk],
        "rule": None,
        "seller_message": words.message,
        "type": "blocked" if is_blocked else "issuer_declined",
    }


def _network_status(failure: Failure, *, is_blocked: bool) -> str:
    if failure.code == "capture_failed":
        return "reversed_after_approval"
    return "not_sent_to_network" if is_blocked else "declined_by_network"


def _method_details(
    method: Method | None, attempt: Attempt, payment: Payment, account: Account
) -> dict[str, Any] | None:
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
        "extended_authorization": _ENABLED
        if is_held and is_granted(payment, EXTENDED, account)
        else _DISABLED,
        "fingerprint": method.fingerprint,
        "funding": method.funding,
        "iin": None,
        "incremental_authorization": _AVAILABLE
        if is_held and is_granted(payment, INCREMENTS, account)
        else _UNAVAILABLE,
        "installments": None,
        "issuer": None,
        "last4": method.last4,
        "mandate": None,
        "moto": None,
        "multicapture": _AVAILABLE
        if is_held and is_granted(payment, MULTICAPTURE, account)
        else _UNAVAILABLE,
        "network": method.brand,
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {
            "maximum_amount_capturable": to_wire(most_minor, payment.currency),
            **(_AVAILABLE if is_held and is_granted(payment, OVERCAPTURE, account) else _UNAVAILABLE),
        },
        "regulated_status": "unregulated",
        "setup_credential_usage": None,
        "stored_credential_usage": None,
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }
    return {"type": "card", "card": card}
