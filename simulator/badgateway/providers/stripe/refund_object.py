"""The refund as Stripe shows it."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Refund
from badgateway.providers.base import Account
from badgateway.providers.stripe.charge_object import PREFIX
from badgateway.providers.stripe.settled import line_of_refund
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.units import to_wire

_STATUSES = {"cancelled": "canceled"}


def refund_object(refund: Refund, account: Account, *, is_new: bool = False) -> dict[str, Any]:
    """Show a refund; a new one does not have the acquirer's reference number yet."""
    payment = account.book.payment(refund.payment_id)
    attempt = (
        next((one for one in payment.attempts if one.id == refund.attempt_id), None) if payment else None
    )
    has_reference = refund.status == "succeeded" and not is_new
    notes = shelf(account).refund_notes.get(refund.id)
    return {
        "id": refund.id,
        "object": "refund",
        "amount": to_wire(refund.amount_minor, refund.currency),
        "balance_transaction": line_of_refund(refund.id, account),
        "charge": PREFIX + refund.attempt_id if refund.attempt_id else None,
        "created": refund.created_ms // 1000,
        "currency": refund.currency.lower(),
        "customer": payment.details.get("customer") if payment else None,
        "customer_account": None,
        "description": None,
        "destination_details": {
            "card": {
                "reference": refund.id[-11:] if has_reference else None,
                "reference_status": "available" if has_reference else "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "failure_balance_transaction": line_of_refund(refund.id, account, "refund_fail"),
        "failure_reason": "unknown" if refund.status == "failed" else None,
        "instructions_email": refund.details.get("instructions_email"),
        "metadata": dict(refund.details.get("metadata") or {} if notes is None else notes),
        "next_action": None,
        "payment_intent": refund.payment_id,
        "payment_method": attempt.method if attempt else None,
        "pending_reason": "processing" if refund.status == "pending" else None,
        "presentment_details": None,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": _STATUSES.get(refund.status, refund.status),
        "transfer_reversal": None,
    }
