"""Stripe as Euler speaks it: intents made and confirmed in one request, in forms, each with its key."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from badgateway.ground.message import Reply, Request
from badgateway.providers.euler.behind import Gateway, Sent
from badgateway.providers.euler.wires import (
    DECLINED,
    DONE,
    UNKNOWN,
    Read,
    body_of,
    from_wire,
    sorted_out,
    to_wire,
)

_PATH = "/v1/payment_intents"
# Source: Stripe's page on currencies. What it writes in other units than ISO 4217.
_PADDED, _WHOLE = frozenset({"ISK", "UGX"}), frozenset({"MGA"})
_STATUSES = {
    "succeeded": "succeeded",
    "requires_capture": "authorized",
    "processing": "pending",
    "requires_action": "action",
    "canceled": "voided",
}
_NOTED = "attempt"  # the name in metadata under which our own name of an attempt stands
_TEXT_MAX = 500


class ToStripe:
    """Implements `wires.Wire`."""

    def charge(self, sent: Sent, gateway: Gateway) -> Request:
        """Make a payment intent and confirm it, for good under one key."""
        charge = sent.charge
        form = {
            "amount": str(_to_wire(charge.amount_minor, charge.currency)),
            "currency": charge.currency.lower(),
            "payment_method": gateway.cards[charge.card],
            "payment_method_types[]": "card",
            "confirm": "true",
            "capture_method": "manual" if charge.is_manual else "automatic",
            f"metadata[{_NOTED}]": sent.name,
            "metadata[order]": charge.texts[:_TEXT_MAX],
        }
        return _post(_PATH, form, f"{sent.name} charge", gateway)

    def capture(self, sent: Sent, gateway: Gateway, amount_minor: int) -> Request:
        """Take held money; the rest is released."""
        form = {"amount_to_capture": str(_to_wire(amount_minor, sent.charge.currency))}
        key = f"{sent.name} capture {amount_minor}"
        return _post(f"{_PATH}/{sent.standing.reference}/capture", form, key, gateway)

    def void(self, sent: Sent, gateway: Gateway) -> Request:
        """Cancel a payment intent."""
        return _post(f"{_PATH}/{sent.standing.reference}/cancel", {}, f"{sent.name} void", gateway)

    def refund(self, sent: Sent, gateway: Gateway, request_id: str, amount_minor: int) -> Request:
        """Give money back, once for each request."""
        form = {
            "payment_intent": str(sent.standing.reference),
            "amount": str(_to_wire(amount_minor, sent.charge.currency)),
            "metadata[refund]": request_id,
        }
        return _post("/v1/refunds", form, f"{sent.name} refund {request_id}", gateway)

    def fetch(self, sent: Sent, gateway: Gateway) -> Request | None:
        """Look a payment intent up; one of which only our own name is known is looked for in the list."""
        if sent.standing.reference is not None:
            return _request("GET", f"{_PATH}/{sent.standing.reference}", gateway)
        return _request("GET", _PATH, gateway, query="limit=100")

    def read(self, reply: Reply, op: str, sent: Sent) -> Read:
        """Say what an answer means."""
        body = body_of(reply)
        if reply.status == 402 and body is not None:
            error = _mapping(body.get("error"))
            intent = _mapping(error.get("payment_intent"))
            code = str(error.get("decline_code") or error.get("code") or "declined")
            return Read(DECLINED, _id_of(intent), code=code, message=str(error.get("message") or ""))
        if reply.status != 200 or body is None:
            error = _mapping((body or {}).get("error"))
            return sorted_out(reply, str(error.get("code") or error.get("type") or ""), "")
        if op == "refund":
            made = body.get("id")
            is_known = isinstance(made, str) and body.get("object") == "refund"
            return Read(
                DONE if is_known else UNKNOWN,
                sent.standing.reference,
                refund_id=str(made) if is_known else None,
                is_pending=body.get("status") not in {"succeeded", "failed", "canceled"},
            )
        if body.get("object") == "list":
            rows = body.get("data")
            named = (one for one in rows if isinstance(one, Mapping)) if isinstance(rows, list) else ()
            body = next((one for one in named if _mapping(one.get("metadata")).get(_NOTED) == sent.name), {})
        return _intent(body, sent.charge.currency)


def _intent(body: Mapping[str, Any], currency: str) -> Read:
    reference, word = _id_of(body), str(body.get("status"))
    error = _mapping(body.get("last_payment_error"))
    if reference is not None and word == "requires_payment_method" and error:
        code = str(error.get("decline_code") or error.get("code") or "declined")
        return Read(DECLINED, reference, code=code, message=str(error.get("message") or ""))
    if reference is None or word not in _STATUSES:
        return Read(UNKNOWN)
    held, taken = body.get("amount_capturable"), body.get("amount_received")
    if not isinstance(held, int) or not isinstance(taken, int):
        return Read(UNKNOWN)
    return Read(DONE, reference, _STATUSES[word], _from_wire(held, currency), _from_wire(taken, currency))


def _post(path: str, form: Mapping[str, str], key: str, gateway: Gateway) -> Request:
    headers = (("Content-Type", "application/x-www-form-urlencoded"), ("Idempotency-Key", key))
    return _request("POST", path, gateway, headers, urlencode(form).encode())


def _request(
    method: str,
    path: str,
    gateway: Gateway,
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    query: str = "",
) -> Request:
    pair = base64.b64encode(f"{gateway.settings['api_key']}:".encode()).decode()
    return Request(method, path, query, (("Authorization", f"Basic {pair}"), *headers), body)


def _to_wire(minor: int, currency: str) -> int:
    return to_wire(minor, currency, _PADDED, _WHOLE)


def _from_wire(amount: int, currency: str) -> int:
    return from_wire(amount, currency, _PADDED, _WHOLE)


def _id_of(body: Mapping[str, Any]) -> str | None:
    found = body.get("id")
    return found if isinstance(found, str) and found else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
