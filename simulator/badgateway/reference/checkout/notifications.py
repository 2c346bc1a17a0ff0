"""Checkout.com's webhooks: believed only with their signature over the raw body, and read into notices."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from badgateway.reference.notice import Notice
from badgateway.reference.signatures import NotGenuine

_REFUNDS = frozenset({"payment_refunded", "payment_refund_declined", "payment_refund_pending"})


def open_event(raw: bytes, signature: str | None, secrets: tuple[str, ...]) -> Mapping[str, Any]:
    """Verify the raw bytes against any of our secrets, and read them; raises NotGenuine."""
    told = (signature or "").strip().lower().encode(errors="replace")
    made = [hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().encode() for secret in secrets]
    if not any(hmac.compare_digest(told, one) for one in made):
        raise NotGenuine("the signature does not match")
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise NotGenuine("the body is no event") from problem
    found: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
    if not isinstance(found.get("id"), str) or not isinstance(found.get("type"), str):
        raise NotGenuine("the body is no event")
    return found


def read_notice(event: Mapping[str, Any], merchant: str, *, is_live: bool) -> Notice:
    """Give where to look after an event; a kind of our own is none that we look after."""
    word, data = str(event["type"]), event.get("data")
    data = data if isinstance(data, Mapping) else {}
    metadata = data.get("metadata")
    named = metadata.get("order") if isinstance(metadata, Mapping) else None
    reference = named or data.get("payment_reference") or data.get("reference")
    kind, object_id, payment_id = _object_of(word, data)
    return Notice(
        event_id=str(event["id"]),
        type=word,
        kind=kind,
        object_id=object_id,
        payment_id=payment_id or None,
        order_reference=reference if isinstance(reference, str) and reference else None,
        is_live=is_live,
        merchant=merchant,
    )


def _object_of(word: str, data: Mapping[str, Any]) -> tuple[str, str, str]:
    """Give the kind and the id of what an event is about, and the payment's id."""
    own = _id(data, "id")
    if word in _REFUNDS:
        action = _id(data, "action_id")
        # An action can only be looked up with its payment, so its id says which.
        return "refund", f"{own}/{action}" if own and action else "", own
    if word.startswith("dispute_"):
        return "dispute", own, _id(data, "payment_id")
    return ("payment_intent" if word.startswith("payment_") else word), own, own


def _id(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""
