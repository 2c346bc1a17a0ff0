"""One notification as it is sent: an envelope with one item, every value of it text or an amount."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from badgateway.payments.model import Payment
from badgateway.providers.adyen.payments import instrument_of
from badgateway.providers.adyen.shelf import merchant_account, psp_reference
from badgateway.providers.adyen.signing import UNSIGNED
from badgateway.providers.adyen.units import amount, date_text
from badgateway.providers.base import Account, WireEvent


class News(Struct, frozen=True):
    """What a notification tells beside the payment that it is about."""

    code: str  # eventCode
    psp: str
    amount_minor: int
    original: str | None = None  # None: it is about the payment itself
    success: bool = True
    reason: str | None = None
    reference: str | None = None  # merchantReference; None: the payment's
    operations: tuple[str, ...] = ()
    extra: Mapping[str, str] = {}


def to_bytes(shown: Any) -> bytes:
    """Give an object as it travels."""
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False).encode()


def body_of(news: News, payment: Payment, account: Account, at_ms: int) -> bytes:
    """Give the body of one notification, not signed yet."""
    instrument = instrument_of(payment, account)
    item: dict[str, Any] = {
        "additionalData": {**news.extra, "hmacSignature": UNSIGNED},
        "amount": amount(news.amount_minor, payment.currency),
        "eventCode": news.code,
        "eventDate": date_text(at_ms),
        "merchantAccountCode": merchant_account(account.api_key),
        "merchantReference": news.reference or reference_of(payment),
        "originalReference": news.original,
        "operations": list(news.operations) or None,
        "paymentMethod": instrument.brand,
        "pspReference": psp_reference(news.psp),
        "reason": news.reason,
        "success": "true" if news.success else "false",
    }
    # Fields that say nothing are left out: the vendor's own library does not take a null for one.
    told = {name: value for name, value in item.items() if value is not None}
    return envelope([told], is_live=account.is_live)


def envelope(items: list[dict[str, Any]], *, is_live: bool = False) -> bytes:
    """Give items as one request."""
    wrapped = [{"NotificationRequestItem": item} for item in items]
    return to_bytes({"live": "true" if is_live else "false", "notificationItems": wrapped})


def reference_of(payment: Payment) -> str:
    """Give the merchant's reference of a payment."""
    told = payment.details.get("reference")
    metadata = payment.details.get("metadata")
    noted = metadata.get("order_id") or metadata.get("order") if isinstance(metadata, Mapping) else None
    return str(told or noted or payment.order_ref or "")


def wire_event(
    news: News,
    payment: Payment,
    account: Account,
    at_ms: int,
    *,
    name: str | None = None,
    facts: tuple[int, ...] = (),
    cause: str = "",
) -> WireEvent:
    """Give a notification with what the harness wants to know of it."""
    return WireEvent(
        id=f"{news.code}:{psp_reference(news.psp)}:{'true' if news.success else 'false'}",
        name=name,
        wire_type=news.code,
        body=body_of(news, payment, account, at_ms),
        payment_id=payment.id,
        order_ref=payment.order_ref,
        tells=payment.status.value,
        facts=facts,
        cause=cause,
    )
