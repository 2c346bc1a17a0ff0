"""What Checkout.com's payments, actions and disputes say, read into our own records.

Unknown words are no news, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from badgateway.reference.checkout.amounts import from_wire
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.states import State

DECLINED = "Declined"
_TAKEN = ("Captured", "Partially Captured", "Partially Refunded", "Refunded")
_STATES: Mapping[str, State] = {
    **dict.fromkeys(_TAKEN, State.SUCCEEDED),
    "Authorized": State.AUTHORIZED,
    "Pending": State.PROCESSING,
    "Retry Scheduled": State.PROCESSING,
    DECLINED: State.FAILED,
    "Voided": State.CANCELLED,
    "Canceled": State.CANCELLED,
    "Expired": State.EXPIRED,
}
_REFUNDS: Mapping[object, str] = {True: "SUCCEEDED", False: "FAILED"}
_ONLY_ASKED = "received"  # nothing is debited before evidence is required
_DISPUTES = {"won": "WON", "canceled": "WON", "resolved": "WON", "arbitration_won": "WON",
             "lost": "LOST", "expired": "LOST", "accepted": "LOST", "arbitration_lost": "LOST"}  # fmt: skip


def read_payment(raw: Mapping[str, Any]) -> PaymentSeen:
    """Read a payment, as it was answered or looked up; raises where it lacks what it must say."""
    currency, state = str(raw["currency"]).upper(), _STATES.get(str(raw["status"]))
    amount = from_wire(raw["amount"], currency)
    metadata, balances = _mapping(raw.get("metadata")), _mapping(raw.get("balances"))
    url = _mapping(_mapping(raw.get("_links")).get("redirect")).get("href")
    if state is State.PROCESSING and isinstance(url, str):
        state = State.ACTION
    taken = from_wire(balances["total_captured"], currency) if state is State.SUCCEEDED else 0
    n = str(metadata.get("attempt", ""))
    return PaymentSeen(
        provider_id=_text(raw["id"]),
        state=state,
        amount_minor=amount,
        currency=currency,
        captured_minor=taken,
        refunded_minor=from_wire(balances.get("total_refunded", 0), currency),
        # A payment does not tell of its disputes; where money was taken, their list is asked.
        is_disputed=taken > 0,
        redirect_url=url if isinstance(url, str) else None,
        failure_code=str(raw.get("response_code") or raw["status"]) if state is State.FAILED else None,
        order_reference=str(metadata.get("order") or raw.get("reference") or "") or None,
        attempt_n=int(n) if n.isdecimal() else None,
        held_minor=from_wire(balances["available_to_capture"], currency)
        if state is State.AUTHORIZED and "available_to_capture" in balances
        else None,
    )


def was_taken_back(actions: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a payment was approved, and its capture declined in the end."""
    captures = [one.get("approved") for one in actions if one.get("type") == "Capture"]
    return bool(captures) and True not in captures


def reversed_payment(seen: PaymentSeen) -> PaymentSeen:
    """Give a payment as it stands after its capture was taken back."""
    return replace(seen, state=State.REVERSED, captured_minor=0)


def refunds_of(actions: Sequence[Mapping[str, Any]], payment_id: str, currency: str) -> list[RefundSeen]:
    """Read the refunds among the actions of a payment; one without an outcome is not over."""
    return [
        RefundSeen(
            provider_id=_text(one["id"]),
            payment_id=payment_id,
            amount_minor=from_wire(one["amount"], currency),
            state=_REFUNDS.get(one.get("approved"), "PENDING"),
            reference=str(one["reference"]) if one.get("reference") else None,
        )
        for one in actions
        if one.get("type") == "Refund"
    ]


def read_dispute(raw: Mapping[str, Any]) -> DisputeSeen | None:
    """Read a dispute; None where the bank only asks, which moves no money."""
    word = str(raw["status"])
    if word == _ONLY_ASKED:
        return None
    minor = from_wire(raw["amount"], str(raw["currency"]).upper())
    return DisputeSeen(_text(raw["id"]), _text(raw["payment_id"]), minor, _DISPUTES.get(word, "OPEN"))


def read_page(told: Mapping[str, Any]) -> tuple[list[PaymentSeen], int]:
    """Read a page of a list of payments, and how many the whole list has; raises where it lacks them."""
    return [read_payment(one) for one in rows_of(told["data"])], int(told["total_count"])


def rows_of(value: object) -> list[Mapping[str, Any]]:
    """Give the objects of a list; raises ValueError where it is none."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise ValueError("no list of objects")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("an id is text")
    return value
