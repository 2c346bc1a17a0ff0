"""What the provider's objects say, read into our own records; unknown words are no news, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badgateway.reference.states import State
from badgateway.reference.stripe_amounts import from_wire


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """One payment intent as it was read. `state` None: nothing that we would act on."""

    provider_id: str
    state: State | None
    amount_minor: int
    currency: str
    captured_minor: int
    refunded_minor: int
    is_disputed: bool
    redirect_url: str | None
    failure_code: str | None
    order_reference: str | None
    attempt_n: int | None
    held_minor: int | None = None  # what may still be captured; None: it was not told
    method_id: str | None = None
    advice: str | None = None  # what the provider says about trying again
    failed_checks: str | None = None  # names of what the issuer found wrong; None: it was not told
    gateway_id: str | None = None  # under which an orchestrator's gateway has it, where there is one
    tries: tuple[State | None, ...] = ()  # how an orchestrator's attempts stand, the oldest first


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """One refund as it was read."""

    provider_id: str
    payment_id: str | None
    amount_minor: int
    state: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """One dispute as it was read."""

    provider_id: str
    payment_id: str | None
    amount_minor: int
    state: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at the provider showed."""

    payment: PaymentSeen | None = None
    refunds: tuple[RefundSeen, ...] = ()
    disputes: tuple[DisputeSeen, ...] = ()


_PAYMENT_STATES = {
    "succeeded": State.SUCCEEDED,
    "requires_capture": State.AUTHORIZED,
    "processing": State.PROCESSING,
    "requires_action": State.ACTION,
}
_REFUND_STATES = {
    "succeeded": "SUCCEEDED",
    "pending": "PENDING",
    "requires_action": "PENDING",
    "failed": "FAILED",
    "canceled": "CANCELLED",
}


def read_payment(raw: Mapping[str, Any]) -> PaymentSeen:
    """Read a payment intent, its latest charge expanded or not."""
    charge = raw.get("latest_charge")
    charge = charge if isinstance(charge, Mapping) else {}
    currency, metadata = _currency(raw), raw.get("metadata") or {}
    n = str(metadata.get("attempt", ""))
    return PaymentSeen(
        provider_id=str(raw["id"]),
        state=_payment_state(raw, charge),
        amount_minor=from_wire(int(raw.get("amount") or 0), currency),
        currency=currency,
        captured_minor=from_wire(int(raw.get("amount_received") or 0), currency),
        refunded_minor=from_wire(int(charge.get("amount_refunded") or 0), currency),
        is_disputed=bool(charge.get("disputed")),
        redirect_url=_redirect_url(raw.get("next_action")),
        failure_code=failure_code(raw.get("last_payment_error")),
        order_reference=_text(metadata.get("order")),
        attempt_n=int(n) if n.isdecimal() else None,
        held_minor=from_wire(int(raw["amount_capturable"]), currency)
        if raw.get("amount_capturable")
        else None,
        method_id=_id_of(raw.get("payment_method")),
        advice=advice_code(raw.get("last_payment_error")),
        failed_checks=_failed_checks(charge),
    )


def _payment_state(raw: Mapping[str, Any], charge: Mapping[str, Any]) -> State | None:
    word = raw.get("status")
    if word == "requires_payment_method":
        # Without an error nothing was tried yet: an early snapshot, not a failure.
        was_captured = bool(charge.get("captured")) or charge.get("status") == "succeeded"
        if raw.get("last_payment_error"):
            return State.REVERSED if was_captured else State.FAILED
        return None
    if word == "canceled":
        return (
            State.EXPIRED if raw.get("cancellation_reason") in {"automatic", "expired"} else State.CANCELLED
        )
    return _PAYMENT_STATES.get(str(word))


def _failed_checks(charge: Mapping[str, Any]) -> str | None:
    details = charge.get("payment_method_details")
    card = details.get("card") if isinstance(details, Mapping) else None
    checks = card.get("checks") if isinstance(card, Mapping) else None
    if not isinstance(checks, Mapping):
        return None
    return ",".join(sorted(name.removesuffix("_check") for name, word in checks.items() if word == "fail"))


def _redirect_url(action: object) -> str | None:
    if not isinstance(action, Mapping):
        return None
    redirect = action.get("redirect_to_url")
    url = redirect.get("url") if isinstance(redirect, Mapping) else None
    return url if isinstance(url, str) else None


def failure_code(error: object) -> str | None:
    """Give the most exact code of a card error."""
    if not isinstance(error, Mapping) or not error:
        return None
    return str(error.get("decline_code") or error.get("code") or error.get("type") or "declined")


def advice_code(error: object) -> str | None:
    """Give what the provider says about trying a failed payment again; None where it says nothing."""
    return _text(error.get("advice_code")) if isinstance(error, Mapping) else None


def read_refund(raw: Mapping[str, Any]) -> RefundSeen:
    """Read a refund; a status we do not know counts as pending."""
    return RefundSeen(
        provider_id=str(raw["id"]),
        payment_id=_id_of(raw.get("payment_intent")),
        amount_minor=from_wire(int(raw.get("amount") or 0), _currency(raw)),
        state=_REFUND_STATES.get(str(raw.get("status")), "PENDING"),
        reference=_text((raw.get("metadata") or {}).get("refund")),
    )


def read_dispute(raw: Mapping[str, Any]) -> DisputeSeen | None:
    """Read a dispute; an inquiry moves no money and is none."""
    word = str(raw.get("status"))
    if word.startswith("warning_"):
        return None
    state = {"won": "WON", "prevented": "WON", "lost": "LOST"}.get(word, "OPEN")
    minor = from_wire(int(raw.get("amount") or 0), _currency(raw))
    return DisputeSeen(str(raw["id"]), _id_of(raw.get("payment_intent")), minor, state)


def _currency(raw: Mapping[str, Any]) -> str:
    return str(raw.get("currency") or "").upper()


def _id_of(value: object) -> str | None:
    return _text(value.get("id")) if isinstance(value, Mapping) else _text(value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
