"""What Euler's orders say, read into our own records; unknown words are no news, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.reference.euler.amounts import from_wire
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.states import State

FAILED = frozenset({"AUTHENTICATION_FAILED", "AUTHORIZATION_FAILED", "JUSPAY_DECLINED"})
TAKEN = frozenset({"CHARGED", "PARTIAL_CHARGED"})
_STATES: Mapping[str, State] = {
    **dict.fromkeys(FAILED, State.FAILED),
    **dict.fromkeys(TAKEN, State.SUCCEEDED),
    "STARTED": State.PROCESSING,
    "AUTHORIZING": State.PROCESSING,
    "VBV_SUCCESSFUL": State.PROCESSING,
    "TO_BE_CHARGED": State.PROCESSING,
    "PENDING_VBV": State.ACTION,
    "AUTHORIZED": State.AUTHORIZED,
    "CAPTURE_INITIATED": State.AUTHORIZED,
    "VOID_INITIATED": State.AUTHORIZED,
    "VOID_FAILED": State.AUTHORIZED,
    "VOIDED": State.CANCELLED,
    "AUTO_REFUNDED": State.CANCELLED,
    "CAPTURE_FAILED": State.REVERSED,
}
_REFUNDS = {"SUCCESS": "SUCCEEDED", "FAILURE": "FAILED"}
_ASKED, _CANCELLED = "CHARGEBACK_EVIDENCE_REQUIRED", "CHARGEBACK_CANCELED"
_DISPUTES = {
    "CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR": "WON",
    _CANCELLED: "WON",
    "CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR": "LOST",
}


def read_order(raw: Mapping[str, Any]) -> PaymentSeen:
    """Read an order as the status look-up shows it; raises where it does not say what it must."""
    detail = _mapping(raw.get("txn_detail"))
    currency = str(detail.get("currency") or raw["currency"]).upper()
    word, n = str(raw["status"]), str(raw.get("udf2") or "")
    state, whole = _STATES.get(word), from_wire(raw["amount"], str(raw["currency"]).upper())
    came_to = (
        from_wire(raw["effective_amount"], currency) if state in {State.AUTHORIZED, State.SUCCEEDED} else 0
    )
    return PaymentSeen(
        provider_id=_id_of(raw),
        state=state,
        amount_minor=whole,
        currency=currency,
        captured_minor=came_to if state is State.SUCCEEDED else 0,
        refunded_minor=from_wire(raw.get("amount_refunded") or 0, currency),
        # One that was won before anybody looked is to be booked as well.
        is_disputed=bool(disputes_of(raw)),
        redirect_url=redirect_of(raw),
        failure_code=str(raw.get("bank_error_code") or word) if state is State.FAILED else None,
        order_reference=str(raw.get("udf1") or "") or None,
        attempt_n=int(n) if n.isdecimal() else None,
        held_minor=came_to if state is State.AUTHORIZED else None,
        gateway_id=_gateway_id(raw),
        tries=tuple(_STATES.get(str(one["status"])) for one in _list(raw.get("txn_list"))),
    )


def read_txn(raw: Mapping[str, Any], reference: str | None, n: int | None) -> PaymentSeen:
    """Read the answer to a charge, a capture or a void, which shows one transaction of the order."""
    detail = _mapping(raw["txn_detail"])
    currency, word = str(detail["currency"]).upper(), str(raw["status"])
    state, came_to = _STATES.get(word), from_wire(detail["net_amount"], currency)
    return PaymentSeen(
        provider_id=_id_of(raw),
        state=state,
        amount_minor=came_to,
        currency=currency,
        captured_minor=came_to if state is State.SUCCEEDED else 0,
        refunded_minor=0,
        is_disputed=False,
        redirect_url=redirect_of(raw),
        failure_code=str(detail.get("error_code") or word) if state is State.FAILED else None,
        order_reference=reference,
        attempt_n=n,
        held_minor=came_to if state is State.AUTHORIZED else None,
        gateway_id=_gateway_id(raw),
    )


def redirect_of(raw: Mapping[str, Any]) -> str | None:
    """Give where the shopper has to prove who pays."""
    authentication = _mapping(_mapping(raw.get("payment")).get("authentication"))
    url = authentication.get("url")
    return url if isinstance(url, str) else None


def refunds_of(raw: Mapping[str, Any], names: Mapping[str, str]) -> list[RefundSeen]:
    """Read the refunds of an order; `names` gives our own references for Euler's unique_request_ids."""
    currency = str(_mapping(raw.get("txn_detail")).get("currency") or raw["currency"]).upper()
    return [
        RefundSeen(
            provider_id=str(one["id"]),
            payment_id=_id_of(raw),
            amount_minor=from_wire(one["amount"], currency),
            # MANUAL_REVIEW and words that are new to us are not over.
            state=_REFUNDS.get(str(one["status"]), "PENDING"),
            reference=names.get(str(one["unique_request_id"]), str(one["unique_request_id"])),
        )
        for one in _list(raw.get("refunds"))
        # What Euler gives back by itself was never taken for the order: another of its attempts paid for it.
        if one.get("initiated_by") != "SYSTEM"
    ]


def is_question(raw: Mapping[str, Any], dispute_id: str, *, is_known: bool) -> bool:
    """Say whether a bank has only asked, which moves no money; one that we had booked has taken some."""
    rows = [one for one in _list(raw.get("chargebacks")) if one.get("id") == dispute_id]
    return any(one.get("dispute_status") in _passed_over(is_known=is_known) for one in rows)


def disputes_of(raw: Mapping[str, Any], *, is_known: bool = False) -> list[DisputeSeen]:
    """Read the chargebacks of an order; one that was cancelled is one only where we knew it before."""
    passed_over = _passed_over(is_known=is_known)
    currency = str(_mapping(raw.get("txn_detail")).get("currency") or raw["currency"]).upper()
    return [
        DisputeSeen(
            str(one["id"]),
            _id_of(raw),
            from_wire(one["amount"], currency),
            _DISPUTES.get(str(one["dispute_status"]), "OPEN"),
        )
        for one in _list(raw.get("chargebacks"))
        if one.get("dispute_status") not in passed_over
    ]


def _passed_over(*, is_known: bool) -> set[str]:
    return {_ASKED} if is_known else {_ASKED, _CANCELLED}


def _id_of(raw: Mapping[str, Any]) -> str:
    found = raw["order_id"]
    if not isinstance(found, str) or not found:
        raise ValueError("an order has an id")
    return found


def _gateway_id(raw: Mapping[str, Any]) -> str | None:
    found = _mapping(raw.get("payment_gateway_response")).get("epg_txn_id")
    return found if isinstance(found, str) and found else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
