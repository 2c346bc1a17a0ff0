"""The dispute as Stripe shows it."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Dispute, Payment
from badgateway.providers.base import Account
from badgateway.providers.stripe.balance_object import balance_object
from badgateway.providers.stripe.charge_object import charge_id
from badgateway.providers.stripe.settled import lines_of_dispute
from badgateway.providers.stripe.shelf import Evidence, shelf
from badgateway.providers.stripe.units import to_wire

_EVIDENCE = (
    "access_activity_log appeal billing_address cancellation_policy "
    "cancellation_policy_disclosure cancellation_rebuttal customer_communication "
    "customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id "
    "enhanced_evidence product_description receipt refund_policy refund_policy_disclosure "
    "refund_refusal_explanation service_date service_documentation shipping_address "
    "shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
)
EVIDENCE = tuple(_EVIDENCE.split())


def dispute_object(dispute: Dispute, payment: Payment, account: Account) -> dict[str, Any]:
    """Show a dispute of a payment's last charge."""
    told = shelf(account).evidence.get(dispute.id) or Evidence()
    method = shelf(account).methods.get(payment.attempts[-1].method or "")
    is_card = method is None or method.type == "card"
    evidence: dict[str, Any] = {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}, **told.given}
    due_ms = dispute.due_ms or dispute.created_ms
    is_late = account.clock.now_ms() >= due_ms
    is_under_review = dispute.status == "open" and (told.submissions > 0 or dispute.is_contested)
    is_open_inquiry = dispute.is_inquiry and dispute.status == "open"
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": to_wire(dispute.amount_minor, dispute.currency),
        "balance_transactions": [
            balance_object(line, account) for line in lines_of_dispute(dispute.id, account)
        ],
        "charge": charge_id(payment.attempts[-1]),
        "created": dispute.created_ms // 1000,
        "currency": dispute.currency.lower(),
        "enhanced_eligibility_types": [],
        "evidence": evidence,
        "evidence_details": {
            "due_by": due_ms // 1000,
            "enhanced_eligibility": {},
            "has_evidence": any(told.given.values()),
            "past_due": dispute.status == "open" and is_late and not told.submissions,
            "submission_count": told.submissions,
            "submission_method": "manual" if told.submissions else None,
        },
        "intended_submission_method": told.method,
        "is_charge_refundable": is_open_inquiry and payment.refunded_minor < payment.captured_minor,
        "livemode": False,
        "metadata": dict(told.metadata),
        "network_reason_code": "10.4" if is_card and dispute.reason == "fraudulent" else None,
        "payment_intent": payment.id,
        **({"payment_method_details": _details(dispute)} if is_card else {}),
        "reason": dispute.reason,
        "status": _inquiry_status(dispute, told)
        if dispute.is_inquiry
        else "under_review"
        if is_under_review
        else _status(dispute, is_card=is_card),
    }


def _details(dispute: Dispute) -> dict[str, Any]:
    kind = "inquiry" if dispute.is_inquiry else "chargeback"
    card = {"brand": "visa", "case_type": kind, "network": "visa", "network_reason_code": "10.4"}
    return {"card": card, "type": "card"}


def _inquiry_status(dispute: Dispute, told: Evidence) -> str:
    if dispute.status != "open":
        return "warning_closed"
    is_answered = dispute.is_contested or told.submissions
    return "warning_under_review" if is_answered else "warning_needs_response"


def _status(dispute: Dispute, *, is_card: bool) -> str:
    """Give Stripe's word. A debit that the bank has returned is lost from the first: nobody can answer it.

    Source: Stripe's page on ACH Direct Debit, disputed payments.
    """
    if dispute.status != "open":
        return dispute.status
    return "needs_response" if is_card else "lost"
