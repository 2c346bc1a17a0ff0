"""Euler's webhooks: believed only with the merchant's own user and password, and read into notices."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from typing import Any

from badgateway.reference.notice import Notice
from badgateway.reference.signatures import NotGenuine

# What says no more than that something was begun.
_NO_NEWS = ("_CREATED", "_INITIATED")
_PARTS = {"REFUND": ("refund", "refunds"), "CHARGEBACK": ("dispute", "chargebacks")}
_PARTS_MAX = 50


def check_sender(authorization: str | None, secrets: tuple[str, ...]) -> None:
    """Raise NotGenuine unless one of our secrets, written user:password, comes with a request."""
    scheme, _, rest = (authorization or "").partition(" ")
    try:
        told = base64.b64decode(rest.strip(), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise NotGenuine("the credentials cannot be read") from problem
    is_known = [hmac.compare_digest(told, secret.encode()) for secret in secrets if ":" in secret]
    if scheme.lower() != "basic" or not any(is_known):
        raise NotGenuine("the credentials are not ours")


def read_event(raw: bytes) -> Mapping[str, Any]:
    """Read an event; raises NotGenuine where it is none."""
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise NotGenuine("the body is no event") from problem
    found: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
    if not isinstance(found.get("id"), str) or not isinstance(found.get("event_name"), str):
        raise NotGenuine("the body is no event")
    return found


def read_notices(event: Mapping[str, Any], merchant: str, *, is_live: bool) -> list[Notice]:
    """Give where to look after an event: at the order, and at each refund or chargeback that it is about."""
    word = str(event["event_name"])
    if word.endswith(_NO_NEWS):
        return []
    content = event.get("content")
    order = content.get("order") if isinstance(content, Mapping) else None
    order = order if isinstance(order, Mapping) else {}
    order_id, reference = order.get("order_id"), order.get("udf1")
    if not isinstance(order_id, str) or not order_id:
        return []

    def notice(kind: str, object_id: str) -> Notice:
        return Notice(
            event_id=f"{event['id']}:{object_id}",
            type=word,
            kind=kind,
            object_id=object_id,
            payment_id=order_id,
            order_reference=reference if isinstance(reference, str) and reference else None,
            is_live=is_live,
            merchant=merchant,
        )

    # A part can only be looked up with its order, so its id says which.
    parts = [notice(kind, f"{order_id}/{one}") for kind, one in _parts(word, order)]
    return [notice("payment_intent", order_id), *parts]


def _is_own(refund: Mapping[str, Any]) -> bool:
    return refund.get("initiated_by") == "SYSTEM"


def _parts(word: str, order: Mapping[str, Any]) -> list[tuple[str, str]]:
    for mark, (kind, name) in _PARTS.items():
        rows = order.get(name)
        if mark in word and isinstance(rows, list):
            # What Euler gives back by itself was never taken for the order, and is no refund of it.
            ours = [one for one in rows[:_PARTS_MAX] if isinstance(one, Mapping) and not _is_own(one)]
            ids = [one.get("id") for one in ours]
            return [(kind, one) for one in ids if isinstance(one, str) and one]
    return []
