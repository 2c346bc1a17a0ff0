"""Captures, cancels, refunds, reversals, adjustments: received at once, and told by notification later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.payments.commands import (
    CapturePayment,
    IncrementAuthorization,
    RefundPayment,
    VoidPayment,
)
from badgateway.payments.decisions import refund_outcome
from badgateway.payments.model import Outcome, Payment, Refusal, Status
from badgateway.providers.adyen.call import Call, Done
from badgateway.providers.adyen.errors import Refused, missing
from badgateway.providers.adyen.notifications import News, wire_event
from badgateway.providers.adyen.payments import instrument_of
from badgateway.providers.adyen.reading import amount_of, check_merchant, payment_of, text_of
from badgateway.providers.adyen.shelf import Modification, new_reference, shelf
from badgateway.providers.adyen.units import to_wire

_FAILS_LATER = "refund failed"  # the name of a holder whose refunds come back from the bank
_REASONS: Mapping[tuple[str, str], str] = {
    ("CAPTURE", "amount_too_large"): "Insufficient balance on payment",
    ("REFUND", "amount_too_large"): "Insufficient balance on payment",
    ("REFUND", "already_refunded"): "Insufficient balance on payment",
    ("REFUND", "nothing_to_refund"): "Payment has not been captured yet",
    ("REFUND", "disputed"): "Transaction is charged back",
}


def capture(call: Call) -> Done:
    """Take held money, all or a part of it; the rest is released."""
    merchant, payment = check_merchant(call), payment_of(call)
    minor, currency = amount_of(call)
    received = _receive(call, "CAPTURE")
    outcome = _do(call, CapturePayment(payment.id, minor), payment, currency)
    return _received(call, payment, outcome, received, merchant, minor)


def cancel(call: Call) -> Done:
    """Release a hold."""
    merchant, payment = check_merchant(call), payment_of(call)
    received = _receive(call, "CANCELLATION")
    return _received(call, payment, _void(call, payment), received, merchant)


def cancel_by_reference(call: Call) -> Done:
    """Release the hold of a payment that only the merchant's reference names."""
    merchant, wanted = check_merchant(call), text_of(call, "paymentReference")
    if wanted is None:
        raise Refused(missing("130", "Reference Missing"))
    received = _receive(call, "TECHNICAL_CANCEL")
    found: list[Payment] = [
        one for one in reversed(call.account.book.payments()) if one.details.get("reference") == wanted
    ]
    shown: dict[str, Any] = {
        "merchantAccount": merchant,
        "paymentReference": wanted,
        "pspReference": received.psp_reference,
        "reference": received.reference,
        "status": "received",
    }
    shown = {name: value for name, value in shown.items() if value is not None}
    if not found:
        # Nothing is told of a reference that no payment has: there is nothing to tell of.
        return Done(shown, 201, refusal="unknown_object", is_final=False)
    open_ones = [one for one in found if one.status is Status.AUTHORIZED]
    payment = (open_ones or found)[0]
    done = _received(call, payment, _void(call, payment), received, merchant)
    return Done(shown, 201, done.payment, None, done.is_applied, done.refusal, is_final=False)


def refund(call: Call) -> Done:
    """Give captured money back, all or a part of it."""
    merchant, payment = check_merchant(call), payment_of(call)
    minor, currency = amount_of(call)
    received = _receive(call, "REFUND")
    outcome = _do(call, _refund(call, payment, received, minor), payment, currency)
    return _received(call, payment, outcome, received, merchant, minor)


def reverse(call: Call) -> Done:
    """Release the hold, or give back all that was captured: whichever there is."""
    merchant, payment = check_merchant(call), payment_of(call)
    action = "cancel" if payment.status is Status.AUTHORIZED and not payment.captured_minor else "refund"
    received = _receive(call, "CANCEL_OR_REFUND", action)
    if action == "cancel":
        outcome = _void(call, payment)
    else:
        left = payment.captured_minor - payment.refunded_minor
        outcome = _do(call, _refund(call, payment, received, None), payment, payment.currency)
        if outcome.refusal is None:
            return _received(call, payment, outcome, received, merchant, left, shows_amount=False)
    return _received(call, payment, outcome, received, merchant)


def update_amount(call: Call) -> Done:
    """Hold another amount than before; only more is played."""
    merchant, payment = check_merchant(call), payment_of(call)
    minor, currency = amount_of(call)
    received = _receive(call, "AUTHORISATION_ADJUSTMENT")
    outcome = _do(call, IncrementAuthorization(payment.id, minor), payment, currency)
    return _received(call, payment, outcome, received, merchant, minor)


def _receive(call: Call, event: str, action: str | None = None) -> Modification:
    made = Modification(new_reference(call.account), text_of(call, "reference"), event, action)
    shelf(call.account).keep(call.account.cause, made)
    return made


def _refund(call: Call, payment: Payment, received: Modification, minor: int | None) -> RefundPayment:
    instrument = instrument_of(payment, call.account)
    is_late = (instrument.holder or "").strip().lower() == _FAILS_LATER
    return RefundPayment(
        received.psp_reference,
        payment.id,
        minor,
        outcome="fails_later" if is_late else refund_outcome(instrument.word),
        details={"reference": received.reference},
    )


def _void(call: Call, payment: Payment) -> Outcome:
    if payment.status is not Status.AUTHORIZED:
        what = f"the payment is {payment.status}"
        return Outcome(payment=payment, refusal=Refusal("wrong_state", what, payment=payment))
    return _do(call, VoidPayment(payment.id), payment, payment.currency)


def _do(call: Call, command: object, payment: Payment, currency: str) -> Outcome:
    if currency != payment.currency:
        refusal = Refusal("currency_mismatch", "another currency than the payment's", payment=payment)
        return Outcome(payment=payment, refusal=refusal)
    outcome: Outcome = call.account.book.do(command, call.account.cause)
    return outcome


def _received(
    call: Call,
    payment: Payment,
    outcome: Outcome,
    received: Modification,
    merchant: str,
    minor: int | None = None,
    *,
    shows_amount: bool = True,
) -> Done:
    """Answer `received`, whatever came of it; what came to nothing is told by a notification of its own."""
    shown: dict[str, Any] = {
        "merchantAccount": merchant,
        "paymentPspReference": payment.id,
        "pspReference": received.psp_reference,
        "status": "received",
    }
    if received.reference is not None or received.event == "AUTHORISATION_ADJUSTMENT":
        shown["reference"] = received.reference or ""
    if minor is not None and shows_amount:
        shown["amount"] = {"currency": payment.currency, "value": to_wire(minor, payment.currency)}
        for name in ("merchantRefundReason", "industryUsage"):
            if isinstance(call.body.get(name), str):
                shown[name] = call.body[name]
    if outcome.refusal is not None and not outcome.is_applied:
        _tell_failure(call, payment, outcome.refusal, received, minor)
    now: Payment = call.account.book.payment(payment.id)
    return Done(
        shown,
        201,
        now,
        refund_id=outcome.refund.id if outcome.refund is not None else None,
        is_applied=outcome.is_applied,
        refusal=outcome.refusal.code if outcome.refusal is not None else None,
        is_final=False,
    )


def _tell_failure(
    call: Call, payment: Payment, refusal: Refusal, received: Modification, minor: int | None
) -> None:
    account = call.account
    reason = _REASONS.get((received.event, refusal.code))
    news = News(
        received.event,
        received.psp_reference,
        payment.amount_minor if minor is None else minor,
        original=payment.id,
        success=False,
        reason=reason or f"Not done: {refusal.message}",
        reference=received.reference,
        extra={"modification.action": received.action} if received.action else {},
    )
    told = wire_event(news, payment, account, account.clock.now_ms(), cause=account.cause)
    shelf(account).news.append(told)
