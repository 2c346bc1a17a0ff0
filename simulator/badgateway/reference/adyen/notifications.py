"""Adyen's notifications: believed only with their HMAC, and read into facts and notices."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from badgateway.reference.adyen.amounts import from_wire
from badgateway.reference.adyen.fold import DISPUTES, REFUNDS
from badgateway.reference.adyen.mirror import Fact
from badgateway.reference.notice import Notice
from badgateway.reference.signatures import NotGenuine

_SIGNED = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")
_ITEMS_MAX = 1000


def open_items(raw: bytes, secrets: tuple[str, ...]) -> tuple[list[Mapping[str, Any]], bool]:
    """Give the items of a request, every one of them verified, and whether they are of live payments.

    Raises NotGenuine where one is not signed with any of the secrets, or the body is no request of Adyen's.
    """
    try:
        body = json.loads(raw)
        items = [one["NotificationRequestItem"] for one in body["notificationItems"][:_ITEMS_MAX]]
        is_genuine = bool(items) and all(_is_genuine(item, secrets) for item in items)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as problem:
        raise NotGenuine("the body is no notification") from problem
    if not is_genuine:
        raise NotGenuine("the signature does not match")
    return items, str(body.get("live")) == "true"


def read_fact(item: Mapping[str, Any], at_ms: int) -> Fact:
    """Read an item; raises ValueError, TypeError or LookupError where it does not say what it must."""
    currency = str(item["amount"]["currency"])
    psp, code = str(item["pspReference"]), str(item["eventCode"])
    original = item.get("originalReference")
    extra = item.get("additionalData")
    action = extra.get("modification.action") if isinstance(extra, Mapping) else None
    if item["success"] not in {"true", "false"} or not psp or not code:
        raise ValueError("success is a word, and a reference is never empty")
    return Fact(
        code=code,
        psp=psp,
        payment_psp=str(original or psp),
        reference=str(item.get("merchantReference") or ""),
        is_success=item["success"] == "true",
        amount_minor=from_wire(int(item["amount"]["value"]), currency),
        currency=currency,
        detail=str(action or item.get("reason") or ""),
        at_ms=at_ms,
    )


def read_notice(fact: Fact, merchant: str, *, is_live: bool) -> Notice:
    """Give where to look after a fact; it is looked up in the mirror, where it stands by then."""
    is_refund = fact.code in REFUNDS and (fact.code != "CANCEL_OR_REFUND" or fact.detail == "refund")
    kind = "refund" if is_refund else "dispute" if fact.code in DISPUTES else "payment_intent"
    order, _, _ = fact.reference.rpartition(".")
    return Notice(
        event_id=fact.key,
        type=fact.code,
        kind=kind,
        object_id=fact.psp,
        payment_id=fact.payment_psp,
        order_reference=order or None,
        is_live=is_live,
        merchant=merchant,
    )


def _is_genuine(item: Mapping[str, Any], secrets: tuple[str, ...]) -> bool:
    told = item["additionalData"]["hmacSignature"]
    amount = item["amount"]
    values = [item.get(name) for name in _SIGNED]
    values += [amount["value"], amount["currency"], item["eventCode"], item["success"]]
    text = ":".join("" if value is None else str(value) for value in values).encode()
    return any(hmac.compare_digest(_signature(text, secret), str(told)) for secret in secrets)


def _signature(text: bytes, secret: str) -> str:
    try:
        key = binascii.a2b_hex(secret)
    except (binascii.Error, ValueError):
        return ""  # no key that Adyen would have shown: nothing is believed
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
