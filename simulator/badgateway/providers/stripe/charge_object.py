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
from badgateway.providers.stripe.units import UNLIKE_ISO, to_wire

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
_UNPAID = {"failed", "pending"}  # as Stripe says it, too
_AVAILABLE, _UNAVAILABLE = {"status": "available"}, {"status": "unavailable"}
_ENABLED, _DISABLED = {"status": "enabled"}, {"status": "disabled"}
# Every field of a charge as it stands where neither payment nor attempt say anything about it.
_BLANK: dict[str, Any] = {
    "id": None,
    "object": "charge",
    "amount": None,
    "amount_captured": None,
    "amount_refunded": 0,
    "application": None,
    "application_fee": None,
    "application_fee_amount": None,
    "authorization_code": None,
    "balance_transaction": None,
    "billing_details": billing_details({}),
    "calculated_statement_descriptor": "BADGATEWAY",
    "captured": False,
    "created": None,
    "currency": None,
    "customer": None,
    "description": None,
    "disputed": False,
    "failure_balance_transaction": None,
    "failure_code": None,
    "failure_message": None,
    "fraud_details": {},
    "level3": None,
    "livemode": False,
    "metadata": {},
    "on_behalf_of": None,
    "outcome": _AUTHORIZED,
    "paid": True,
    "payment_intent": None,
    "payment_method": None,
    "payment_method_details": None,
    "presentment_details": None,
    "radar_options": {},
    "receipt_email": None,
    "receipt_number": None,
    "receipt_url": None,
    "refunded": False,
    "refunds": None,
    "review": None,
    "shipping": None,
    "source": None,
    "source_transfer": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "status": "succeeded",
    "transfer": None,
    "transfer_data": None,
    "transfer_group": None,
}
# What is known of the card of a charge; nothing was wished for.
_CARD: dict[str, Any] = {
    "amount_authorized": None,
    "authorization_code": None,
    "brand": None,
    "capture_before": None,
    "checks": None,
    "country": "US",
    "description": None,
    "electronic_commerce_indicator": None,
    "exp_month": None,
    "exp_year": None,
    "extended_authorization": _DISABLED,
    "fingerprint": None,
    "funding": None,
    "iin": None,
    "incremental_authorization": _UNAVAILABLE,
    "installments": None,
    "issuer": None,
    "last4": None,
    "mandate": None,
    "moto": None,
    "multicapture": _UNAVAILABLE,
    "network": None,
    "network_token": {"used": False},
    "network_transaction_id": None,
    "overcapture": None,
    "regulated_status": "unregulated",
    "setup_credential_usage": None,
    "stored_credential_usage": None,
    "three_d_secure": None,
    "transaction_link_id": None,
    "wallet": None,
}
# What comes back as it was given, empty as well; metadata does where there is some.
_AS_GIVEN = frozenset(
    {
        "customer",
        "description",
        "receipt_email",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_group",
    }
)


def charge_id(attempt: Attempt) -> str:
    """Give the id of a charge."""
    return PREFIX + attempt.id


def charge_object(attempt: Attempt, payment: Payment, account: Account) -> dict[str, Any]:
    """Show one attempt as it was in this snapshot of its payment; the object is for reading only."""
    kept = shelf(account)
    method: Method | None = kept.methods.get(attempt.method)
    details, currency, status = payment.details, payment.currency, attempt.status
    amount, captured = attempt.amount_minor, attempt.captured_minor
    given_back = amount if status == "released" else attempt.refunded_minor
    if currency in UNLIKE_ISO:
        amount, captured, given_back = (to_wire(one, currency) for one in (amount, captured, given_back))
    shown = _BLANK.copy()
    shown["id"] = shown_id = PREFIX + attempt.id
    shown["amount"] = amount
    shown["amount_captured"] = captured
    shown["amount_refunded"] = given_back
    shown["captured"] = attempt.captured_minor > 0
    shown["created"] = attempt.created_ms // 1000
    shown["currency"] = currency.lower()
    shown["payment_intent"] = payment.id
    shown["payment_method"] = attempt.method
    shown["refunded"] = status == "released" or 0 < attempt.captured_minor <= attempt.refunded_minor
    if attempt.id == payment.attempts[-1].id:
        shown["balance_transaction"] = line_of_charge(payment, account)
        # Stripe's flag stays after a dispute was won.
        shown["disputed"] = payment.is_disputed or bool(account.book.disputes_of(payment.id))
    for name, given in details.items():
        if given is not None and (name in _AS_GIVEN or (given and name == "metadata")):
            shown[name] = given
    if descriptor := details.get("statement_descriptor"):
        shown["calculated_statement_descriptor"] = descriptor
    if method is not None:
        if method.billing:
            shown["billing_details"] = billing_details(method.billing)
        shown["payment_method_details"] = _method_details(method, amount, attempt, payment, account)
    if attempt.failure is not None or status in _UNPAID or (method and method.risk != "normal"):
        shown.update(_said_more(attempt, method))
    if shown_id in kept.charge_notes:
        shown.update(kept.charge_notes[shown_id])
    return shown


def _said_more(attempt: Attempt, method: Method | None) -> dict[str, Any]:
    """Give the fields that are different where money did not simply flow, or was at risk."""
    status, failure, said = attempt.status, attempt.failure, dict[str, Any]()
    if status in _UNPAID:
        said["paid"], said["status"] = False, status
    if failure is not None:
        words = wording(failure)
        said["captured"] = attempt.captured_minor > 0 or failure.code == "capture_failed"
        said["failure_code"], said["failure_message"] = words.code, words.message
    if failure is not None or status == "pending" or (method and method.risk != "normal"):
        said["outcome"] = _outcome(attempt, method)
    return said


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
    method: Method, amount: int, attempt: Attempt, payment: Payment, account: Account
) -> dict[str, Any]:
    if method.type != "card":
        return {"type": method.type, method.type: debited_account(method)}
    card = _CARD.copy()
    card["amount_authorized"] = amount
    card["brand"] = card["network"] = method.brand
    card["checks"] = checks(method, "pass")
    card["exp_month"] = method.exp_month
    card["exp_year"] = method.exp_year
    card["fingerprint"] = method.fingerprint
    card["funding"] = method.funding
    card["last4"] = method.last4
    card["overcapture"] = {"maximum_amount_capturable": amount, **_UNAVAILABLE}
    is_held = attempt.status == "authorized" and payment.held_until_ms is not None
    if is_held and payment.held_until_ms:
        card["capture_before"] = payment.held_until_ms // 1000
    if payment.details.get("payment_method_options"):
        card.update(_wished(attempt, payment, account, is_held=is_held))
    return {"type": "card", "card": card}


def _wished(attempt: Attempt, payment: Payment, account: Account, *, is_held: bool) -> dict[str, Any]:
    """Give what was asked for beyond an ordinary hold, and may be done while there is one."""
    most_minor = attempt.amount_minor + over_minor(payment, attempt.amount_minor, account)
    able = dict.fromkeys((INCREMENTS, MULTICAPTURE, OVERCAPTURE), _UNAVAILABLE)
    if is_held:
        able |= {wish: _AVAILABLE for wish in able if is_granted(payment, wish, account)}
    is_extended = is_held and is_granted(payment, EXTENDED, account)
    return {
        "extended_authorization": _ENABLED if is_extended else _DISABLED,
        "incremental_authorization": able[INCREMENTS],
        "multicapture": able[MULTICAPTURE],
        "overcapture": {
            "maximum_amount_capturable": to_wire(most_minor, payment.currency),
            **able[OVERCAPTURE],
        },
    }
