"""Adyen as Euler speaks it: payments and modifications in JSON, the latter received, and told later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from badgateway.ground.message import Reply, Request
from badgateway.providers.euler.behind import Gateway, Sent
from badgateway.providers.euler.wires import (
    DECLINED,
    DONE,
    RECEIVED,
    UNKNOWN,
    Read,
    body_of,
    from_wire,
    sorted_out,
    to_wire,
)

_PATH = "/v71/payments"
# Source: Adyen's table of currency codes. What it writes in other units than ISO 4217.
_PADDED, _WHOLE = frozenset({"CLP", "ISK"}), frozenset({"CVE", "IDR"})
_DECLINED = frozenset({"Refused", "Error", "Cancelled"})
_ASKING = frozenset({"RedirectShopper", "ChallengeShopper", "IdentifyShopper"})
_HOLDING = frozenset({"Authorised", "PartiallyAuthorised"})
_HOME = "https://sandbox.juspay.in/"  # where Adyen would send a shopper back
# Adyen's numbers of refusal reasons -> neutral codes. Source: Adyen's page on refusal reasons.
_CODES: Mapping[str, str] = {
    "2": "declined",
    "5": "stolen_card",
    "6": "expired_card",
    "7": "declined",
    "8": "incorrect_number",
    "4": "processing_error",
    "3": "do_not_honor",
    "27": "do_not_honor",
    "28": "velocity_exceeded",
    "29": "velocity_exceeded",
    "31": "fraudulent",
    "11": "authentication_failed",
    "9": "issuer_unavailable",
    "12": "insufficient_funds",
    "14": "fraudulent",
    "20": "fraudulent",
    "24": "incorrect_cvc",
    "26": "lost_card",
}


class ToAdyen:
    """Implements `wires.Wire`."""

    def charge(self, sent: Sent, gateway: Gateway) -> Request:
        """Make a payment, for good under one key."""
        charge = sent.charge
        body = {
            "reference": sent.name,
            "paymentMethod": {"type": "scheme", "storedPaymentMethodId": gateway.cards[charge.card]},
            "shopperInteraction": "Ecommerce",
            "returnUrl": _HOME,
            "metadata": {"order": charge.texts},
            "additionalData": {"manualCapture": "true" if charge.is_manual else "false"},
        }
        return _post(_PATH, body, f"{sent.name} charge", gateway, _amount(sent, charge.amount_minor))

    def capture(self, sent: Sent, gateway: Gateway, amount_minor: int) -> Request:
        """Take held money."""
        path, key = f"{_PATH}/{sent.standing.reference}/captures", f"{sent.name} capture {amount_minor}"
        return _post(path, {"reference": key}, key, gateway, _amount(sent, amount_minor))

    def void(self, sent: Sent, gateway: Gateway) -> Request:
        """Release held money."""
        key = f"{sent.name} void"
        return _post(f"{_PATH}/{sent.standing.reference}/cancels", {"reference": key}, key, gateway)

    def refund(self, sent: Sent, gateway: Gateway, request_id: str, amount_minor: int) -> Request:
        """Give money back, once for each request."""
        path, key = f"{_PATH}/{sent.standing.reference}/refunds", f"{sent.name} refund {request_id}"
        return _post(path, {"reference": request_id}, key, gateway, _amount(sent, amount_minor))

    def fetch(self, sent: Sent, gateway: Gateway) -> Request | None:
        """Go on with a payment whose shopper was asked; any other cannot be looked up, its webhook tells."""
        if sent.question is None or not sent.standing.asks_shopper:
            return None
        # Without a key: as long as the shopper has not answered, it is asked again and answered anew.
        told = {"details": {"redirectResult": sent.question}}
        return _request(f"{_PATH}/details", told, gateway)

    def read(self, reply: Reply, op: str, sent: Sent) -> Read:
        """Say what an answer means."""
        body = body_of(reply)
        if reply.status not in {200, 201} or body is None:
            code = str((body or {}).get("errorCode") or "")
            return sorted_out(reply, code, str((body or {}).get("message") or ""))
        reference, result = _text(body.get("pspReference")), str(body.get("resultCode"))
        if op not in {"charge", "fetch"}:
            is_received = body.get("status") == "received" and reference is not None
            return Read(
                RECEIVED if is_received else UNKNOWN,
                sent.standing.reference,
                refund_id=reference if op == "refund" else None,
                is_pending=True,
            )
        return _payment(body, reference, result, sent)


def _payment(body: Mapping[str, Any], reference: str | None, result: str, sent: Sent) -> Read:
    if result in _DECLINED:
        code = _CODES.get(str(body.get("refusalReasonCode")), "declined")
        return Read(DECLINED, reference, code=code, message=str(body.get("refusalReason") or ""))
    if result in _ASKING:
        return Read(DONE, reference, "action", question=_question(body))
    if reference is not None and result in {"Received", "Pending"}:
        return Read(DONE, reference, "pending")
    if reference is None or result not in _HOLDING:
        return Read(UNKNOWN)
    amount, currency = body.get("amount"), sent.charge.currency
    value = amount.get("value") if isinstance(amount, Mapping) else None
    if not isinstance(value, int):
        return Read(UNKNOWN)
    minor = from_wire(value, currency, _PADDED, _WHOLE)
    # What is captured by itself is as good as captured once it is authorised.
    word, held = ("authorized", minor) if sent.charge.is_manual else ("succeeded", 0)
    return Read(DONE, reference, word, held_minor=held, captured_minor=minor - held)


def _question(body: Mapping[str, Any]) -> str | None:
    """Give what a shopper brings back from the page that asks; its address says it."""
    action = body.get("action")
    url = action.get("url") if isinstance(action, Mapping) else None
    found = parse_qs(urlsplit(url).query).get("MD") if isinstance(url, str) else None
    return found[0] if found else None


def _amount(sent: Sent, minor: int) -> dict[str, Any]:
    currency = sent.charge.currency
    return {"amount": {"value": to_wire(minor, currency, _PADDED, _WHOLE), "currency": currency}}


def _post(
    path: str, body: Mapping[str, Any], key: str, gateway: Gateway, more: Mapping[str, Any] | None = None
) -> Request:
    told = {"merchantAccount": gateway.settings["merchant_account"], **body, **(more or {})}
    return _request(path, told, gateway, (("Idempotency-Key", key),))


def _request(
    path: str, told: Mapping[str, Any], gateway: Gateway, more: tuple[tuple[str, str], ...] = ()
) -> Request:
    headers = (("X-API-Key", gateway.settings["api_key"]), ("Content-Type", "application/json"), *more)
    return Request("POST", path, "", headers, json.dumps(told).encode())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
