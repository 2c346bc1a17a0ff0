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
_FIELDS = (
    "id object amount amount_captured amount_refunded application application_fee "
    "application_fee_amount authorization_code balance_transaction billing_details "
    "calculated_statement_descriptor captured created currency customer description disputed "
    "failure_balance_transaction failure_code failure_message fraud_details level3 livemode metadata "
    "on_behalf_of outcome paid payment_intent payment_method payment_method_details presentment_details "
    "radar_options receipt_email receipt_number receipt_url refunded refunds review shipping source "
    "source_transfer statement_descriptor statement_descriptor_suffix status transfer transfer_data "
    "transfer_group"
)
_CARD_FIELDS = (
    "amount_authorized authorization_code brand capture_before checks country description "
    "electronic_commerce_indicator exp_month exp_year extended_authorization fingerprint funding iin "
    "incremental_authorization installments issuer last4 mandate moto multicapture network "
    "network_token network_transaction_id overcapture regulated_status setup_credential_usage "
    "stored_credential_usage three_d_secure transaction_link_id wallet"
)
_ECHOED = (
    "customer description receipt_email shipping statement_descriptor statement_descriptor_suffix "
    "transfer_group"
)


def charge_id(attempt: Attempt) -> str:
    """Give the id of a charge."""
    return PREFIX + attempt.id


def charge_object(attempt: Attempt, payment: Payment, account: Account) -> dict[str, Any]:
    """Show one attempt as it was in this snapshot of its payment."""
    method = shelf(account).methods.get(attempt.method or "")
    details, currency = payment.details, payment.currency
    is_released = attempt.status == "released"
    is_reversed = attempt.failure is not None and attempt.failure.code == "capture_failed"
    given_back = attempt.amount_minor if is_released else attempt.refunded_minor
    words = wording(attempt.failure) if attempt.failure else None
    shown: dict[str, Any] = dict.fromkeys(_FIELDS.split())
    shown.update({name: details.get(name) for name in _ECHOED.split()})
    shown.update(
        id=charge_id(attempt),
        object="charge",
        amount=to_wire(attempt.amount_minor, currency),
        amount_captured=to_wire(attempt.captured_minor, currency),
        amount_refunded=to_wire(given_back, currency),
        balance_transaction=line_of_charge(attempt, payment, account),
        billing_details=billing_details(method.billing if method else {}),
        calculated_statement_descriptor=details.get("statement_descriptor") or "BADGATEWAY",
        captured=attempt.captured_minor > 0 or is_reversed,
        created=attempt.created_ms // 1000,
        currency=currency.lower(),
        disputed=_is_disputed(attempt, payment, account),
        failure_code=words.code if words else None,
        failure_message=words.message if words else None,
        fraud_details={},
        livemode=False,
        metadata=dict(details.get("metadata") or {}),
        outcome=_outcome(attempt, method),
        paid=attempt.status not in {"failed", "pending"},
        payment_intent=payment.id,
        payment_method=attempt.method,
        payment_method_details=_method_details(method, attempt, payment, account),
        radar_options={},
        refunded=is_released or 0 < attempt.captured_minor <= attempt.refunded_minor,
        status={"failed": "failed", "pending": "pending"}.get(attempt.status, "succeeded"),
    )
    shown.update(shelf(account).charge_notes.get(shown["id"], {}))
    return shown


def _is_disputed(attempt: Attempt, payment: Payment, account: Account) -> bool:
    # Stripe's flag stays after a dispute was won.
    is_last = payment.attempts[-1].id == attempt.id
    return is_last and (payment.is_disputed or bool(account.book.disputes_of(payment.id)))


def _outcome(attempt: Attempt, method: Method | None) -> dict[str, Any] | None:
    if attempt.status == "pending":
        return None
    failure = attempt.failure
    words = wording(failure) if failure else None
    is_blocked = failure is not None and failure.code == "fraudulent"
    risk = "highest" if is_blocked else method.risk if method else "normal"
    kind = "blocked" if is_blocked else "issuer_declined" if failure else "authorized"
    return {
        "advice_code": advice(failure) if failure else None,
        "network_advice_code": network_advice(failure),
        "network_decline_code": network_decline(failure),
        "network_status": _network_status(failure, is_blocked=is_blocked),
        "reason": (words.decline_code or words.code) if words else None,
        "risk_level": risk,
        "risk_score": _RISK_SCORES[risk],
        "rule": None,
        "seller_message": words.message if words else "Payment complete.",
        "type": kind,
    }


def _network_status(failure: Failure | None, *, is_blocked: bool) -> str:
    if failure is None:
        return "approved_by_network"
    if failure.code == "capture_failed":
        return "reversed_after_approval"
    return "not_sent_to_network" if is_blocked else "declined_by_network"


def _status(*, is_possible: bool) -> dict[str, str]:
    return {"status": "available" if is_possible else "unavailable"}


def _method_details(
    method: Method | None, attempt: Attempt, payment: Payment, account: Account
) -> dict[str, Any] | None:
    if method is None:
        return None
    if method.type != "card":
        return {"type": method.type, method.type: debited_account(method)}
    until_ms = payment.held_until_ms if attempt.status == "authorized" else None
    is_held, over = until_ms is not None, over_minor(payment, attempt.amount_minor, account)

    def may(wish: str) -> bool:
        return is_held and is_granted(payment, wish, account)

    card: dict[str, Any] = dict.fromkeys(_CARD_FIELDS.split())
    card.update(
        amount_authorized=to_wire(attempt.amount_minor, payment.currency),
        brand=method.brand,
        capture_before=until_ms // 1000 if until_ms else None,
        checks=checks(method, "pass"),
        country="US",
        exp_month=method.exp_month,
        exp_year=method.exp_year,
        extended_authorization={"status": "enabled" if may(EXTENDED) else "disabled"},
        fingerprint=method.fingerprint,
        funding=method.funding,
        incremental_authorization=_status(is_possible=may(INCREMENTS)),
        last4=method.last4,
        multicapture=_status(is_possible=may(MULTICAPTURE)),
        network=method.brand,
        network_token={"used": False},
        overcapture={
            "maximum_amount_capturable": to_wire(attempt.amount_minor + over, payment.currency),
            **_status(is_possible=may(OVERCAPTURE)),
        },
        regulated_status="unregulated",
    )
    return {"type": "card", "card": card}
