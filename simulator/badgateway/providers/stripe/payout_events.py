"""Webhook events of a payout, in Stripe's order."""

from __future__ import annotations

from badgateway.payments.settlement import Payout
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.balance_object import payout_object
from badgateway.providers.stripe.envelope import envelope
from badgateway.providers.stripe.shelf import shelf

PRIMARY = "payout.paid"
# wire type -> status in its snapshot
_TYPES = {"payout.created": "pending", "payout.paid": "paid", "payout.reconciliation_completed": "paid"}


def payout_events(payout: Payout, account: Account) -> tuple[WireEvent, ...]:
    """Render the events of one payout; nothing of it is about an order."""
    kept, made = shelf(account), []
    for kind, status in _TYPES.items():
        data = {"object": payout_object(payout, status=status)}
        body = envelope(kind, data, account, kept, created_s=payout.created_ms // 1000)
        sent = kept.remember(body)
        made.append(
            WireEvent(
                id=str(body["id"]),
                name="payout.paid" if kind == PRIMARY else None,
                wire_type=kind,
                body=sent,
                payment_id=None,
                order_ref=None,
                facts=payout.facts,
                cause=payout.cause,
            )
        )
    return tuple(made)
