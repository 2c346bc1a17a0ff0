"""Balance transactions and payouts as Stripe shows them."""

from __future__ import annotations

from typing import Any

from badgateway.payments.decisions import DAY_MS
from badgateway.payments.settlement import Line, Payout
from badgateway.providers.base import Account
from badgateway.providers.stripe.charge_object import PREFIX
from badgateway.providers.stripe.settled import settlement_of
from badgateway.providers.stripe.units import to_wire

_PAYOUT_FIELDS = (
    "id object amount application_fee application_fee_amount arrival_date automatic balance_transaction "
    "created currency description destination failure_balance_transaction failure_code failure_message "
    "livemode metadata method original_payout payout_method reconciliation_status reversed_by source_type "
    "statement_descriptor status trace_id type"
)
# kind of a line -> (type, reporting category)
_TYPES = {
    "capture": ("charge", "charge"),
    "capture_fail": ("payment_reversal", "charge_failure"),
    "refund": ("refund", "refund"),
    "refund_fail": ("refund_failure", "refund_failure"),
    "dispute_open": ("adjustment", "dispute"),
    "dispute_won": ("adjustment", "dispute_reversal"),
}
_ADJUSTMENTS = {
    "reserve": ("reserve_transaction", "risk_reserved_funds"),
    "release": ("reserve_transaction", "risk_reserved_funds"),
    "charge": ("stripe_fee", "fee"),
    "credit": ("adjustment", "other_adjustment"),
}
_WORDS = {
    "dispute_open": "Chargeback withdrawal",
    "dispute_won": "Chargeback reversal",
    "refund_fail": "REFUND FAILURE",
    "reserve": "Reserved funds",
    "release": "Release of reserved funds",
    "charge": "Correction of fees",
    "credit": "Credit",
}
AVAILABLE_MS = 2 * DAY_MS


def balance_object(line: Line, account: Account) -> dict[str, Any]:
    """Show one line as the provider's list tells it."""
    currency = line.currency
    kind, category = _ADJUSTMENTS[line.reason or "credit"] if line.kind == "adjust" else _TYPES[line.kind]
    fee = to_wire(line.fee_minor, currency)
    is_paid = line.payout_id is not None
    details = {"amount": fee, "application": None, "currency": currency.lower(), "type": "stripe_fee"}
    description = "Dispute fee" if line.kind == "dispute_open" else "Stripe processing fees"
    return {
        "id": line.id,
        "object": "balance_transaction",
        "amount": to_wire(line.gross_minor, currency),
        "available_on": (line.created_ms + (0 if is_paid else AVAILABLE_MS)) // 1000,
        "balance_type": "payments",
        "created": line.created_ms // 1000,
        "currency": currency.lower(),
        "description": _WORDS.get(line.reason or line.kind),
        "exchange_rate": float(line.exchange_rate) if line.exchange_rate is not None else None,
        "fee": fee,
        "fee_details": [{**details, "description": description}] if fee else [],
        "net": to_wire(line.net_minor, currency),
        "reporting_category": category,
        "source": source_of(line, account),
        "status": "available" if is_paid else "pending",
        "type": kind,
    }


def payout_balance_object(payout: Payout) -> dict[str, Any]:
    """Show the line that the payout itself is: it takes the balance back to nothing."""
    amount = -to_wire(payout.amount_minor, payout.currency)
    created_s = payout.created_ms // 1000
    return {
        "id": payout_balance_id(payout),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": created_s,
        "balance_type": "payments",
        "created": created_s,
        "currency": payout.currency.lower(),
        "description": "STRIPE PAYOUT",
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": "payout",
        "source": payout.id,
        "status": "available",
        "type": "payout",
    }


def payout_object(payout: Payout, *, status: str = "paid") -> dict[str, Any]:
    """Show a payout; it arrives at once, because virtual time is the story's."""
    shown: dict[str, Any] = dict.fromkeys(_PAYOUT_FIELDS.split())
    shown.update(
        id=payout.id,
        object="payout",
        amount=to_wire(payout.amount_minor, payout.currency),
        arrival_date=payout.created_ms // 1000,
        automatic=True,
        balance_transaction=payout_balance_id(payout),
        created=payout.created_ms // 1000,
        currency=payout.currency.lower(),
        description="STRIPE PAYOUT",
        destination=f"ba_1{payout.id[-23:]}",
        livemode=False,
        metadata={},
        method="standard",
        reconciliation_status="completed",
        source_type="card",
        status=status,
        type="bank_account",
    )
    return shown


def find_balance(wanted: str, account: Account) -> dict[str, Any] | None:
    """Give a balance transaction by its id; what the list leaves out is found nevertheless."""
    settlement = settlement_of(account)
    if settlement is None:
        return None
    for line in (*settlement.stated(), *settlement.lines()):
        if line.id == wanted:
            return balance_object(line, account)
    found = (payout_balance_object(payout) for payout in settlement.payouts())
    return next((one for one in found if one["id"] == wanted), None)


def payout_balance_id(payout: Payout) -> str:
    """Give the id of the line that a payout itself is."""
    return f"txn_1{payout.id[-23:]}"


def source_of(line: Line, account: Account) -> str | None:
    """Give the object that moved the money: charge, refund or dispute."""
    if line.refund_id or line.dispute_id:
        return line.refund_id or line.dispute_id
    payment = account.book.payment(line.payment_id or "")
    return PREFIX + payment.attempts[-1].id if payment is not None and payment.attempts else None
