"""Provider states: what a pact says the provider already holds, as the steps that bring it about.

One state is one row of `STATES`. Its steps are neutral, so that it serves every dialect; they are data, so
that a scenario can take their place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from badgateway.errors import InputError, Problem, nearest
from badgateway.payments.commands import Command, CreatePayment, OpenDispute, RefundPayment
from badgateway.payments.model import Capture


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Let requests with this API key into the world."""

    api_key: str


Step = OpenAccount | Command
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProviderState:
    """One state by its text: the parameters that it needs, with their types, and its steps."""

    text: str
    needs: Mapping[str, type]
    steps: Callable[[Params], tuple[Step, ...]]


def _account(params: Params) -> tuple[Step, ...]:
    return (OpenAccount(params["api_key"]),)


def _authorized(params: Params) -> tuple[Step, ...]:
    return (_payment(params, Capture.MANUAL),)


def _captured(params: Params) -> tuple[Step, ...]:
    return (_payment(params, Capture.AUTOMATIC),)


def _open(params: Params) -> tuple[Step, ...]:
    return (_payment(params, Capture.AUTOMATIC, is_charged=False),)


def _refunded(params: Params) -> tuple[Step, ...]:
    return (RefundPayment(params["id"], params["payment_id"], params["amount_minor"]),)


def _disputed(params: Params) -> tuple[Step, ...]:
    return (OpenDispute(params["id"], params["payment_id"], params["amount_minor"]),)


def _payment(params: Params, capture: Capture, *, is_charged: bool = True) -> CreatePayment:
    # The payment gets the very id that the pact names, so that its path needs no rewriting. The method is a
    # neutral card word; whoever carries the step out knows the dialect's token for it.
    return CreatePayment(
        params["id"],
        params["amount_minor"],
        params["currency"],
        capture,
        method="approved",
        charge=is_charged,
    )


_PAYMENT = {"id": str, "amount_minor": int, "currency": str}
_OF_PAYMENT = {"id": str, "payment_id": str, "amount_minor": int}
STATES: tuple[ProviderState, ...] = (
    ProviderState("", {}, lambda _: ()),  # an interaction that asks for no state
    ProviderState("a merchant account", {"api_key": str}, _account),
    ProviderState("a payment is open", _PAYMENT, _open),
    ProviderState("a payment is authorized", _PAYMENT, _authorized),
    ProviderState("a payment is captured", _PAYMENT, _captured),
    ProviderState("a payment is refunded", _OF_PAYMENT, _refunded),
    ProviderState("a payment is disputed", _OF_PAYMENT, _disputed),
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
    unknown = sorted(set(params) - set(found.needs))
    if unknown:
        raise refused(text, f"has no parameter {unknown[0]!r}{nearest(unknown[0], found.needs)}")
    return found.steps(params)


def refused(text: str, why: str) -> InputError:
    """Word why a state cannot be reached."""
    return InputError([Problem("provider state", 0, 0, f"{text!r} {why}")])


_KINDS = {str: "text", int: "a whole number"}
