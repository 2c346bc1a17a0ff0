"""Checkout sessions, as far as a shop's own server deals with them: made, and looked up."""

from __future__ import annotations

from typing import Any

from badgateway.payments.idempotency import HOUR_MS
from badgateway.payments.model import Payment, Status
from badgateway.providers.adyen.call import Call, Done
from badgateway.providers.adyen.errors import Problem, Refused, missing
from badgateway.providers.adyen.reading import amount_of, check_merchant, text_of
from badgateway.providers.adyen.shelf import Session, shelf
from badgateway.providers.adyen.units import amount, date_text

_KEPT = (
    "reference",
    "returnUrl",
    "merchantAccount",
    "shopperReference",
    "shopperEmail",
    "channel",
    "metadata",
    "countryCode",
)
LIFE_MS = HOUR_MS  # of a session
_PAID = {Status.AUTHORIZED, Status.SUCCEEDED}


def create(call: Call) -> Done:
    """Make a session; it is good for an hour."""
    check_merchant(call)
    minor, currency = amount_of(call, least=0)
    if text_of(call, "reference") is None:
        raise Refused(missing("130", "Reference Missing"))
    if text_of(call, "returnUrl") is None:
        raise Refused(missing("14_030", "Return URL is missing."))
    account = call.account
    now_ms = account.clock.now_ms()
    kept = {name: call.body[name] for name in _KEPT if call.body.get(name) is not None}
    session = Session(
        id=f"CS{account.ids.make('session', 16).upper()}",
        asked={**kept, "amount": amount(minor, currency), "mode": call.body.get("mode") or "embedded"},
        expires_at=date_text(now_ms + LIFE_MS),
        created_ms=now_ms,
    )
    shelf(account).sessions[session.id] = session
    shown = {**session.asked, "id": session.id, "expiresAt": session.expires_at}
    data = f"Ab02b4c0!{account.ids.make('session data', 64)}"
    return Done({**shown, "sessionData": data}, 201, is_applied=True)


def retrieve(call: Call) -> Done:
    """Show what became of a session; what paid it is found by its reference."""
    session = shelf(call.account).sessions.get(call.id)
    if session is None:
        raise Refused(Problem(404, "14_0408", "The session does not exist.", refusal="unknown_object"))
    payment = _payment(session, call)
    return Done({"id": session.id, "status": _status(session, payment, call)}, payment=payment)


def _payment(session: Session, call: Call) -> Payment | None:
    wanted: Any = session.asked["reference"]
    found: list[Payment] = [
        one
        for one in call.account.book.payments()
        if one.details.get("reference") == wanted and one.created_ms >= session.created_ms
    ]
    return next((one for one in reversed(found) if one.status in _PAID), found[-1] if found else None)


def _status(session: Session, payment: Payment | None, call: Call) -> str:
    if payment is not None and payment.status in _PAID:
        return "completed"
    if payment is not None and payment.status is Status.PENDING:
        return "paymentPending"
    if call.account.clock.now_ms() >= session.created_ms + LIFE_MS:
        return "expired"
    return "refused" if payment is not None and payment.failure is not None else "active"
