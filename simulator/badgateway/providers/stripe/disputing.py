"""Test cards whose holders dispute whatever is paid with them, as soon as it is paid."""

from __future__ import annotations

from badgateway.payments.commands import CloseDispute, OpenDispute
from badgateway.payments.model import Payment
from badgateway.providers.base import Account
from badgateway.providers.stripe.shelf import Shelf, shelf

INQUIRY = "inquiry"  # the bank only asks, and no money moves
CAUSE = "act:dispute"


def watch(payment: Payment, account: Account, kept: Shelf) -> None:
    """Remember a payment that went through with a card whose holder disputes it."""
    method = kept.methods.get(payment.attempts[-1].method) if payment.attempts else None
    if method is not None and method.disputed and not account.book.disputes_of(payment.id):
        kept.to_dispute.append((payment.id, method.disputed))


def dispute(account: Account) -> None:
    """Open the disputes about what was paid since the last time."""
    kept = shelf(account)
    waiting, kept.to_dispute = tuple(kept.to_dispute), []
    for payment_id, why in waiting:
        is_inquiry = why == INQUIRY
        made = f"du_1{account.ids.make('dispute', 23)}"
        reason = "fraudulent" if is_inquiry else why
        account.book.do(OpenDispute(made, payment_id, reason=reason, is_inquiry=is_inquiry), CAUSE)
        method = kept.methods.get(account.book.payment(payment_id).method or "")
        if method is not None and method.type != "card":
            # A debit that its bank takes back is lost from the first: nobody can answer it.
            account.book.do(CloseDispute(made, is_won=False), CAUSE)
