"""Provider states: what a pact says the provider already holds, as the steps that bring it about.

One state is one row of `STATES`. Its steps are neutral, so that it serves every dialect; they are data, so
that a scenario can take their place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from badgateway.errors import InputError, Problem, nearest
from badgateway.ground.records import changed
from badgateway.payments.commands import (
    Authenticate,
    CapturePayment,
    Clear,
    CloseDispute,
    Command,
    CreatePayment,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    IncrementAuthorization,
    OpenDispute,
    RefundPayment,
    VoidPayment,
)
from badgateway.payments.model import Capture


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Let requests with this API key into the world."""

    api_key: str


@dataclass(frozen=True, slots=True)
class SendWebhook:
    """Send the newest webhook of an event: `payment.succeeded`, or, by its own type, `stripe:payout.paid`."""

    event: str


@dataclass(frozen=True, slots=True)
class PayAgain:
    """Let the shopper of an order pay in one more attempt, as she may where orders are paid in attempts."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class FailNewestRefund:
    """Let a refund come back whose id only the provider knows."""

    payment_id: str


Step = OpenAccount | SendWebhook | PayAgain | FailNewestRefund | Command
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProviderState:
    """One state by its text: its steps, and the parameters that it needs or may have, with their types."""

    text: str
    needs: Mapping[str, type]
    steps: Callable[[Params], tuple[Step, ...]]
    takes: Mapping[str, type] = field(default_factory=dict)


def _account(params: Params) -> tuple[Step, ...]:
    return (OpenAccount(params["api_key"]),)


def _webhook(params: Params) -> tuple[Step, ...]:
    return (SendWebhook(params["event"]),)


def _charged(card: str, capture: Capture = Capture.AUTOMATIC) -> Callable[[Params], tuple[Step, ...]]:
    # The payment gets the very id that the pact names, so that its path needs no rewriting. The method is a
    # neutral card word; whoever carries the step out knows the dialect's token for it.
    return lambda params: (
        CreatePayment(
            params["id"],
            params["amount_minor"],
            params["currency"],
            capture,
            order_ref=params.get("order"),
            method=params.get("card", card),
            charge=True,
            details=_details(params),
        ),
    )


def _open(params: Params) -> tuple[Step, ...]:
    (charged,) = _charged("approved")(params)
    assert isinstance(charged, CreatePayment)
    return (changed(charged, charge=False),)


def _captured_later(params: Params) -> tuple[Step, ...]:
    return (CapturePayment(params["payment_id"], params["amount_minor"]),)


def _raised(params: Params) -> tuple[Step, ...]:
    return (IncrementAuthorization(params["payment_id"], params["amount_minor"]),)


def _voided(params: Params) -> tuple[Step, ...]:
    return (VoidPayment(params["payment_id"]),)


def _expired(params: Params) -> tuple[Step, ...]:
    return (ExpireAuthorization(params["payment_id"]),)


def _cleared(*, is_paid: bool) -> Callable[[Params], tuple[Step, ...]]:
    return lambda params: (Clear(params["payment_id"], is_paid),)


def _authenticated(*, is_passed: bool) -> Callable[[Params], tuple[Step, ...]]:
    return lambda params: (Authenticate(params["payment_id"], is_passed),)


def _capture_failed(params: Params) -> tuple[Step, ...]:
    return (FailCapture(params["payment_id"]),)


def _refunded(params: Params) -> tuple[Step, ...]:
    of_payment = params["payment_id"], params["amount_minor"]
    return (RefundPayment(params["id"], *of_payment, details=_details(params)),)


def _refund_sent(params: Params) -> tuple[Step, ...]:
    of_payment = params["payment_id"], params["amount_minor"]
    return (RefundPayment(params["id"], *of_payment, outcome="pending", details=_details(params)),)


def _refund_failed(params: Params) -> tuple[Step, ...]:
    return (*_refunded(params), FailRefund(params["id"]))


def _paid_again(params: Params) -> tuple[Step, ...]:
    return (PayAgain(params["payment_id"]),)


def _came_back(params: Params) -> tuple[Step, ...]:
    return (FailNewestRefund(params["payment_id"]),)


def _disputed(*, is_inquiry: bool = False, is_second: bool = False) -> Callable[[Params], tuple[Step, ...]]:
    return lambda params: (
        OpenDispute(
            params["id"],
            params["payment_id"],
            params["amount_minor"],
            is_inquiry=is_inquiry,
            is_second=is_second,
        ),
    )


def _decided(*, is_won: bool) -> Callable[[Params], tuple[Step, ...]]:
    return lambda params: (CloseDispute(params["id"], is_won),)


def _details(params: Params) -> Mapping[str, Any]:
    """Give what the integration has written on the object itself, where the pact says so."""
    return {"metadata": {"order": params["order"]}} if "order" in params else {}


_PAYMENT = {"id": str, "amount_minor": int, "currency": str}
_OF_PAYMENT = {"id": str, "payment_id": str, "amount_minor": int}
_OF_ONE = {"payment_id": str}
_PART = {"payment_id": str, "amount_minor": int}
_ORDER = {"order": str}
_SHOPPER = {"order": str, "card": str}  # the card by its neutral word
STATES: tuple[ProviderState, ...] = (
    ProviderState("", {}, lambda _: ()),  # an interaction that asks for no state
    ProviderState("a merchant account", {"api_key": str}, _account),
    ProviderState("a payment is open", _PAYMENT, _open, _ORDER),
    ProviderState("a payment is authorized", _PAYMENT, _charged("approved", Capture.MANUAL), _ORDER),
    ProviderState("a payment is captured", _PAYMENT, _charged("approved"), _ORDER),
    ProviderState("a payment is declined", _PAYMENT, _charged("declined"), _SHOPPER),
    ProviderState("a payment is processing", _PAYMENT, _charged("pending_then_succeeds"), _SHOPPER),
    ProviderState("a payment wants authentication", _PAYMENT, _charged("authentication_required"), _SHOPPER),
    ProviderState("a pending payment has come through", _OF_ONE, _cleared(is_paid=True)),
    ProviderState("a pending payment has failed", _OF_ONE, _cleared(is_paid=False)),
    ProviderState("a shopper has authenticated", _OF_ONE, _authenticated(is_passed=True)),
    ProviderState("a shopper has failed to authenticate", _OF_ONE, _authenticated(is_passed=False)),
    ProviderState("a capture has failed", _OF_ONE, _capture_failed),
    ProviderState("a hold is captured", _PART, _captured_later),
    ProviderState("a hold is raised", _PART, _raised),
    ProviderState("a hold is let go", {"payment_id": str}, _voided),
    ProviderState("a hold has expired", {"payment_id": str}, _expired),
    ProviderState("a payment is refunded", _OF_PAYMENT, _refunded, _ORDER),
    ProviderState("a refund is on its way", _OF_PAYMENT, _refund_sent, _ORDER),
    ProviderState("a refund has failed", _OF_PAYMENT, _refund_failed, _ORDER),
    ProviderState("the newest refund has come back", _OF_ONE, _came_back),
    ProviderState("an order is paid by another attempt", _OF_ONE, _paid_again),
    ProviderState("a bank asks about a payment", _OF_PAYMENT, _disputed(is_inquiry=True)),
    ProviderState("a payment is disputed", _OF_PAYMENT, _disputed()),
    ProviderState("a payment is disputed again", _OF_PAYMENT, _disputed(is_second=True)),
    ProviderState("a dispute is won", {"id": str}, _decided(is_won=True)),
    ProviderState("a dispute is lost", {"id": str}, _decided(is_won=False)),
    ProviderState("a webhook is sent", {"event": str}, _webhook),
)


def steps_of(text: str, params: Params) -> tuple[Step, ...]:
    """Give the steps of a state; raises InputError where it is unknown or its parameters do not fit."""
    found = next((state for state in STATES if state.text == text), None)
    if found is None:
        known = [state.text for state in STATES if state.text]
        raise refused(text, f"is unknown{nearest(text, known)}")
    for name, kind in found.needs.items():
        if type(params.get(name)) is not kind:
            raise refused(text, f"needs the parameter {name!r} as {_KINDS[kind]}")
    unknown = sorted(set(params) - set(found.needs) - set(found.takes))
    if unknown:
        known = [*found.needs, *found.takes]
        raise refused(text, f"has no parameter {unknown[0]!r}{nearest(unknown[0], known)}")
    for name, kind in found.takes.items():
        if name in params and type(params[name]) is not kind:
            raise refused(text, f"takes the parameter {name!r} as {_KINDS[kind]}")
    return found.steps(params)


def refused(text: str, why: str) -> InputError:
    """Word why a state cannot be reached."""
    return InputError([Problem("provider state", 0, 0, f"{text!r} {why}")])


_KINDS = {str: "text", int: "a whole number"}
