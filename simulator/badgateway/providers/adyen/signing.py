"""The HMAC of a notification: over eight of its values, and it travels inside of the body that it signs."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from badgateway.providers.base import Endpoint

# Stands in a body that is not signed yet, in letters that no layout of JSON writes in another way.
UNSIGNED = "hmacSignatureOfThisItem"
_FIELDS = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")


def hmac_key(secret: str) -> str:
    """Give the key of an endpoint as the Customer Area shows it: 64 hexadecimal digits."""
    if len(secret) == 64 and all(letter in "0123456789ABCDEF" for letter in secret):
        return secret
    return hashlib.sha256(secret.encode()).hexdigest().upper()


def signed_text(item: Mapping[str, Any]) -> str:
    """Give what is signed: eight values between colons, what is not there as nothing."""
    amount = item.get("amount")
    amount = amount if isinstance(amount, Mapping) else {}
    values = [item.get(name) for name in _FIELDS]
    values += [amount.get("value"), amount.get("currency"), item.get("eventCode"), item.get("success")]
    return ":".join("" if value is None else str(value) for value in values)


def signature(item: Mapping[str, Any], secret: str) -> str:
    """Sign one item; base64 of HMAC-SHA256."""
    key = binascii.a2b_hex(hmac_key(secret))
    return base64.b64encode(hmac.new(key, signed_text(item).encode(), hashlib.sha256).digest()).decode()


def sign_inside(body: bytes, endpoint: Endpoint | None) -> bytes:
    """Put the signature of each item where it belongs; without an endpoint, leave it out of the body.

    While a key is changed, the old one still signs: there is room for one signature only.
    """
    items = [_item(one) for one in _items(body)]
    if endpoint is None:
        return _without(body)
    for item in items:
        made = signature(item, endpoint.old_secret or endpoint.secret)
        body = body.replace(UNSIGNED.encode(), made.encode(), 1)
    return body


def _items(body: bytes) -> list[Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return []
    items = found.get("notificationItems") if isinstance(found, dict) else None
    return items if isinstance(items, list) else []


def _item(wrapped: Any) -> Mapping[str, Any]:
    item = wrapped.get("NotificationRequestItem") if isinstance(wrapped, dict) else None
    return item if isinstance(item, dict) else {}


def _without(body: bytes) -> bytes:
    text = body.decode()
    for left in (f',"hmacSignature":"{UNSIGNED}"', f'"hmacSignature":"{UNSIGNED}"'):
        text = text.replace(left, "")
    return text.replace(UNSIGNED, "").encode()
