"""Notifications that never happened, as an attacker would write them; and genuine ones about strangers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from badgateway.ground.records import changed
from badgateway.payments.model import Payment, Status
from badgateway.providers.adyen.notifications import News, wire_event
from badgateway.providers.adyen.shelf import new_reference
from badgateway.providers.base import Account, WireEvent


@dataclass(frozen=True, slots=True)
class _Story:
    """What a forged event of a neutral name looks like."""

    code: str
    status: Status
    is_modification: bool = True
    success: bool = True


_STORIES: Mapping[str, _Story] = MappingProxyType(
    {
        "payment.pending": _Story("AUTHORISATION", Status.PENDING, is_modification=False),
        "payment.authorized": _Story("AUTHORISATION", Status.AUTHORIZED, is_modification=False),
        "payment.succeeded": _Story("AUTHORISATION", Status.SUCCEEDED, is_modification=False),
        "payment.failed": _Story("AUTHORISATION", Status.NEW, is_modification=False, success=False),
        "payment.voided": _Story("CANCELLATION", Status.VOIDED),
        "payment.expired": _Story("EXPIRE", Status.EXPIRED),
        "capture.failed": _Story("CAPTURE_FAILED", Status.NEW),
        "refund.succeeded": _Story("REFUND", Status.SUCCEEDED),
        "refund.failed": _Story("REFUND_FAILED", Status.SUCCEEDED),
        "dispute.opened": _Story("CHARGEBACK", Status.SUCCEEDED),
        "dispute.won": _Story("CHARGEBACK_REVERSED", Status.SUCCEEDED),
        "dispute.lost": _Story("DISPUTE_DEFENSE_PERIOD_ENDED", Status.SUCCEEDED),
    }
)
# What a genuine notification about something that came after a payment says beside it.
_DISPUTED = {"chargebackReasonCode": "10.4", "disputeStatus": "Undefended"}
_OF_STRANGERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        **{story.code: {} for story in _STORIES.values() if story.is_modification},
        **{code: {} for code in ("AUTHORISATION_ADJUSTMENT", "CAPTURE", "TECHNICAL_CANCEL")},
        "CANCEL_OR_REFUND": {"modification.action": "refund"},
        "NOTIFICATION_OF_CHARGEBACK": _DISPUTED,
        "CHARGEBACK": _DISPUTED,
        "CHARGEBACK_REVERSED": {**_DISPUTED, "disputeStatus": "Won"},
        "DISPUTE_DEFENSE_PERIOD_ENDED": {**_DISPUTED, "disputeStatus": "Lost"},
        "SECOND_CHARGEBACK": _DISPUTED,
        "PREARBITRATION_WON": {**_DISPUTED, "disputeStatus": "Won"},
        "PREARBITRATION_LOST": {**_DISPUTED, "disputeStatus": "Lost"},
    }
)


def forge(name: str, order_ref: str, amount_minor: int, currency: str, account: Account) -> WireEvent:
    """Make the primary event of a name about the order's own payment, or about one that does not exist."""
    is_known = name in _STORIES
    story = _STORIES[name if is_known else "payment.succeeded"]
    payment = changed(
        _payment_of(order_ref, account) or _made_up(order_ref, amount_minor, currency, account),
        status=story.status,
    )
    news = News(
        story.code,
        new_reference(account) if story.is_modification else payment.id,
        amount_minor,
        original=payment.id if story.is_modification else None,
        success=story.success,
    )
    told = wire_event(news, payment, account, account.clock.now_ms())
    return changed(told, name=name if is_known else "payment.succeeded", order_ref=order_ref)


def stranger(wire_type: str, account: Account) -> WireEvent:
    """Make an event of any type about a payment that nobody of this story has ever named."""
    other = _made_up(account.ids.make("stranger", 12), 1000, "EUR", account)
    extra = _OF_STRANGERS.get(wire_type)
    if extra is None:
        news = News(wire_type, other.id, 1000)
    else:
        news = News(wire_type, new_reference(account), 1000, original=other.id, extra=extra)
    return changed(
        wire_event(news, other, account, account.clock.now_ms()), payment_id=None, order_ref=None, tells=None
    )


def _payment_of(order_ref: str, account: Account) -> Payment | None:
    for payment in reversed(account.book.payments()):
        if order_ref in (payment.order_ref or ""):
            found: Payment = payment
            return found
    return None


def _made_up(order_ref: str, amount_minor: int, currency: str, account: Account) -> Payment:
    return Payment(
        new_reference(account), amount_minor, currency, order_ref=order_ref, details={"reference": order_ref}
    )
