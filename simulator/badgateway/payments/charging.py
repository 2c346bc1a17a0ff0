"""Making and charging payments: create, update, charge, the issuer's challenge, methods that stay pending."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any

from badgateway.ground.money import currencies
from badgateway.ground.records import changed
from badgateway.payments.change import Change, Due, Move, Setting, Step, with_attempt
from badgateway.payments.commands import (
    Authenticate,
    ChargePayment,
    Clear,
    CreatePayment,
    ExpireAuthorization,
    UpdatePayment,
)
from badgateway.payments.decisions import failure
from badgateway.payments.ledger import HOLDS, MERCHANT, SHOPPER, moved
from badgateway.payments.model import Attempt, Capture, Decision, Failure, Payment, Refusal, Status

_UNCHANGING = frozenset({str, int, bool, type(None)})


def create(command: CreatePayment, setting: Setting) -> Change | Refusal:
    """Make a payment, and charge it where the command says so."""
    refused = _refusal(command.amount_minor, command.currency)
    if refused:
        return refused
    payment = Payment(
        id=command.id,
        amount_minor=command.amount_minor,
        currency=command.currency,
        capture=command.capture,
        order_ref=command.order_ref,
        method=command.method,
        confirms_again=command.confirms_again,
        created_ms=setting.now_ms,
        details=kept(command.details),
    )
    made = Step("payment.created", payment)
    if not command.charge:
        return Change(payment, (made,))
    asked = _ask(payment, setting, may_challenge=not (command.off_session or command.error_on_action))
    return changed(asked, steps=(made, *asked.steps))


def handle(
    payment: Payment,
    command: UpdatePayment | Authenticate | Clear,
    decided: Decision,
    setting: Setting,
) -> Change | Refusal:
    """Work one command out; `decided` is what the issuer said before the challenge or the waiting began."""
    match command:
        case UpdatePayment():
            return update(payment, command)
        case Authenticate():
            return authenticate(payment, command, decided, setting)
        case Clear():
            return clear(payment, command, decided, setting)


def update(payment: Payment, command: UpdatePayment) -> Change | Refusal:
    """Change the fields that the command names."""
    amount = payment.amount_minor if command.amount_minor is None else command.amount_minor
    currency = command.currency or payment.currency
    refused = _refusal(amount, currency, payment)
    if refused:
        return refused
    if currency != payment.currency and _has_moved_money(payment):
        return Refusal("currency_mismatch", "money has moved already", "currency", payment=payment)
    return Change(
        changed(
            payment,
            amount_minor=amount,
            currency=currency,
            method=command.method or payment.method,
            order_ref=command.order_ref or payment.order_ref,
            details=payment.details if command.details is None else kept(command.details),
        )
    )


def charge(payment: Payment, command: ChargePayment, setting: Setting) -> Change:
    """Ask issuer and gateway, with the method of the command or the one that the payment has."""
    # Another method was not the one that the shopper has authenticated with.
    method = command.method
    if method is not None and method != payment.method:
        payment = changed(payment, method=method or payment.method, is_authenticated=False)
    return _ask(payment, setting, may_challenge=not (command.off_session or command.error_on_action))


def authenticate(payment: Payment, command: Authenticate, decided: Decision, setting: Setting) -> Change:
    """End the challenge: go on as it was decided, or back to the start without an attempt."""
    if not command.is_passed:
        after = changed(payment, status=Status.NEW, failure=failure("authentication_failed"))
        return Change(after, (Step("payment.failed", after),))
    if payment.confirms_again:
        return Change(changed(payment, status=Status.NEW, is_authenticated=True))
    if decided.then == "declined":
        return _decline(payment, decided.failure, setting)
    return _approve(payment, setting.new_id("attempt"), decided, setting)


def clear(payment: Payment, command: Clear, decided: Decision, setting: Setting) -> Change:
    """Give a pending payment its outcome; failing is what the command asked for, so it is no refusal."""
    attempt = payment.attempts[-1]
    if command.is_paid:
        return _approve(payment, attempt.id, decided, setting, attempt.created_ms)
    why = decided.failure or failure("method_failed")
    return _failed(payment, changed(attempt, status="failed", failure=why), why)


def kept(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a read-only copy, so that a caller's later change does not reach into a snapshot.

    Who hands over what is read-only already promises to change nothing in it: that is kept as it is.
    """
    if type(details) is MappingProxyType:
        return details
    return MappingProxyType(_each_copied(details))


def _each_copied(table: Mapping[str, Any]) -> dict[str, Any]:
    copied = dict(table)
    for name, one in table.items():
        if type(one) not in _UNCHANGING:
            copied[name] = _copied(one)
    return copied


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return _each_copied(value)
    if type(value) is list:
        copied = list(value)
        for place, one in enumerate(value):
            if type(one) not in _UNCHANGING:
                copied[place] = _copied(one)
        return copied
    return deepcopy(value)


def _ask(payment: Payment, setting: Setting, *, may_challenge: bool) -> Change:
    decided = setting.decide(payment)
    is_authenticated = payment.is_authenticated
    if is_authenticated:
        payment = changed(payment, is_authenticated=False)
    if decided.kind == "action" and is_authenticated:
        decided = changed(decided, kind=decided.then)
    if decided.kind == "approved":
        return _approve(payment, setting.new_id("attempt"), decided, setting)
    if decided.kind == "action" and may_challenge:
        after = changed(payment, status=Status.ACTION, failure=None)
        return Change(after, (Step("payment.action_required", after),), waits_for=decided)
    if decided.kind == "action":
        return _decline(payment, failure("authentication_required"), setting, "authentication_required")
    if decided.kind == "pending":
        attempt = _new_attempt(payment, setting)
        attempts = with_attempt(payment, attempt)
        after = changed(payment, status=Status.PENDING, failure=None, attempts=attempts)
        outcome = Clear(payment.id, is_paid=decided.then == "approved")
        due = Due(payment.id, setting.now_ms + decided.after_ms, outcome)
        return Change(after, (Step("payment.pending", after),), (due,), waits_for=decided)
    assert decided.kind == "declined", decided.kind
    return _decline(payment, decided.failure, setting)


def _approve(
    payment: Payment, attempt_id: str, decided: Decision, setting: Setting, created_ms: int | None = None
) -> Change:
    """Hold or take the money; `created_ms` is when an attempt that waited was made, None for a new one."""
    created_ms = setting.now_ms if created_ms is None else created_ms
    amount = payment.amount_minor if decided.approved_minor is None else decided.approved_minor
    if decided.currency is not None and decided.currency != payment.currency:
        # The shopper paid in money of their own: from here on the payment is one in that currency.
        payment = changed(payment, amount_minor=amount, currency=decided.currency)
    amount = min(amount, payment.amount_minor)
    assert amount > 0, "an approval of nothing is a decline"
    hold = Move("auth", amount, moved(amount, SHOPPER, HOLDS))
    if payment.capture is Capture.MANUAL:
        lasts_ms = setting.authorization_ms if decided.held_ms is None else decided.held_ms
        until_ms = setting.now_ms + lasts_ms
        held = Attempt(attempt_id, amount, "authorized", method=payment.method, created_ms=created_ms)
        after = changed(
            payment,
            status=Status.AUTHORIZED,
            held_minor=amount,
            held_until_ms=until_ms,
            failure=None,
            attempts=with_attempt(payment, held),
        )
        lapse = Due(payment.id, until_ms, ExpireAuthorization(payment.id), is_lapse=True)
        return Change(after, (Step("payment.authorized", after, (hold,)),), (lapse,))
    taken = Attempt(attempt_id, amount, "captured", amount, method=payment.method, created_ms=created_ms)
    after = changed(
        payment,
        status=Status.SUCCEEDED,
        captured_minor=amount,
        failure=None,
        attempts=with_attempt(payment, taken),
    )
    take = Move("capture", amount, moved(amount, HOLDS, MERCHANT))
    return Change(after, (Step("payment.succeeded", after, (hold, take)),))


def _decline(payment: Payment, why: Failure | None, setting: Setting, code: str = "declined") -> Change:
    why = why or failure("declined")
    change = _failed(payment, changed(_new_attempt(payment, setting), status="failed", failure=why), why)
    return changed(change, refusal=Refusal(code, why.message, failure=why, payment=change.payment))


def _failed(payment: Payment, attempt: Attempt, why: Failure) -> Change:
    attempts = with_attempt(payment, attempt)
    after = changed(payment, status=Status.NEW, failure=why, attempts=attempts)
    return Change(after, (Step("payment.failed", after),))


def _new_attempt(payment: Payment, setting: Setting) -> Attempt:
    return Attempt(
        id=setting.new_id("attempt"),
        amount_minor=payment.amount_minor,
        status="pending",
        method=payment.method,
        created_ms=setting.now_ms,
    )


def _has_moved_money(payment: Payment) -> bool:
    # A payment that can still be updated has moved money only where its capture was reversed.
    return any(attempt.failure == failure("capture_failed") for attempt in payment.attempts)


_CURRENCIES = frozenset(currencies())


def _refusal(amount_minor: int, currency: str, payment: Payment | None = None) -> Refusal | None:
    if amount_minor <= 0:
        return Refusal("amount_too_small", "an amount is more than zero", "amount", payment=payment)
    if currency not in _CURRENCIES:
        return Refusal("invalid", f"unknown currency {currency}", "currency", payment=payment)
    return None
