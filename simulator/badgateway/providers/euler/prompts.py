"""What brings each webhook about, where nobody plays a story."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from badgateway.payments.commands import CreatePayment
from badgateway.payments.model import Capture
from badgateway.providers.base import Account
from badgateway.providers.euler.placing import place

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "ORDER_CREATED": "paid",
        "ORDER_SUCCEEDED": "paid",
        "ORDER_FAILED": "declined",
        "ORDER_AUTHORIZED": "held",
        "ORDER_PARTIAL_CHARGED": "captured_in_part",
        "ORDER_VOIDED": "voided",
        "ORDER_CAPTURE_FAILED": "capture_failed",
        "ORDER_REFUNDED": "refunded",
        "ORDER_REFUND_FAILED": "refund_failed",
        "TXN_CREATED": "paid",
        "TXN_CHARGED": "paid",
        "TXN_FAILED": "declined",
        "REFUND_INITIATED": "refunded",
        "CHARGEBACK_EVIDENCE_REQUIRED": "questioned",
        "CHARGEBACK_CANCELED": "question_over",
        "CHARGEBACK_RECEIVED": "disputed",
        "CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR": "dispute_won",
        "CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR": "dispute_lost",
    }
)


def take(
    card: str, reference: str, amount_minor: int, currency: str, account: Account, *, is_held: bool
) -> None:
    """Make an order, and pay it."""
    capture = Capture.MANUAL if is_held else Capture.AUTOMATIC
    place(CreatePayment(reference, amount_minor, currency, capture, reference, card, charge=True), account)
