"""Which notifications a happening makes, each with the references and the amount that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from badgateway.ground.records import changed
from badgateway.payments.model import Happening, Payment
from badgateway.providers.adyen.notifications import News, wire_event
from badgateway.providers.adyen.payments import instrument_of, refusal_of
from badgateway.providers.adyen.shelf import Modification, new_reference, psp_reference, shelf
from badgateway.providers.adyen.units import date_text
from badgateway.providers.base import Account, WireEvent

_OPERATIONS = ("CANCEL", "CAPTURE", "REFUND")
_DISPUTES = {
    "dispute.opened": "CHARGEBACK",
    "dispute.won": "CHARGEBACK_REVERSED",
    "dispute.lost": "DISPUTE_DEFENSE_PERIOD_ENDED",
}
# Once the bank has declined the defence that was won with.
_AGAIN = {
    "dispute.opened": "SECOND_CHARGEBACK",
    "dispute.won": "PREARBITRATION_WON",
    "dispute.lost": "PREARBITRATION_LOST",
}
_INQUIRIES = {"dispute.opened": "REQUEST_FOR_INFORMATION"}
_INQUIRY_OVER = "ISSUER_RESPONSE_TIMEFRAME_EXPIRED"


def render_events(happening: Happening, account: Account) -> tuple[WireEvent, ...]:
    """Give the notifications of a happening; only one of them is the primary one."""
    found = _siblings(happening, account)
    primary = _PRIMARY.get(happening.name)
    if primary is not None:
        found = [*found, (happening.name, primary(happening, account))]
    return tuple(
        wire_event(
            news,
            happening.payment,
            account,
            happening.at_ms,
            name=name,
            facts=tuple(entry.seq for entry in happening.ledger),
            cause=happening.cause,
        )
        for name, news in found
    )


def _siblings(happening: Happening, account: Account) -> list[tuple[str | None, News]]:
    dispute = happening.dispute
    if happening.name != "dispute.opened" or dispute is None or dispute.is_inquiry or dispute.is_second:
        return []
    # The bank's announcement comes before its debit.
    news = _dispute(happening, account)
    return [(None, changed(news, code="NOTIFICATION_OF_CHARGEBACK"))]


def _charged(happening: Happening, account: Account) -> News:
    """Tell money that was held, taken or let go."""
    payment, moves = happening.payment, {entry.kind for entry in happening.ledger}
    if "auth" in moves:
        if happening.before is not None and happening.before.held_minor:
            return _modified(happening, account, "AUTHORISATION_ADJUSTMENT", payment.amount_minor)
        return _authorised(payment, account)
    if "capture" in moves:
        return _modified(happening, account, "CAPTURE", _moved(happening, "capture"))
    return _released(happening, account)


def _released(happening: Happening, account: Account) -> News:
    code = "EXPIRE" if happening.name == "payment.expired" else "CANCELLATION"
    return _modified(happening, account, code, happening.payment.amount_minor)


def _capture_failed(happening: Happening, account: Account) -> News:
    return _modified(happening, account, "CAPTURE_FAILED", _moved(happening, "capture_fail"))


def _authorised(payment: Payment, account: Account) -> News:
    instrument = instrument_of(payment, account)
    code = payment.attempts[-1].id[:6].upper() if payment.attempts else "000000"
    return News(
        "AUTHORISATION",
        payment.id,
        payment.attempts[-1].amount_minor if payment.attempts else payment.amount_minor,
        reason=f"{code}:{instrument.summary}",
        operations=_OPERATIONS,
        extra={"authCode": code, "cardSummary": instrument.last4, "expiryDate": "03/2030"},
    )


def _refused(happening: Happening, account: Account) -> News:
    payment = happening.payment
    return News(
        "AUTHORISATION",
        payment.id,
        payment.amount_minor,
        success=False,
        reason=refusal_of(payment, account).text,
    )


def _modified(happening: Happening, account: Account, usual: str, minor: int) -> News:
    """Tell the outcome of what was asked for, or what nobody asked for."""
    asked = shelf(account).modifications.get(happening.cause)
    code = asked.event if asked is not None and usual != "CAPTURE_FAILED" else usual
    return News(
        code,
        asked.psp_reference if asked is not None else new_reference(account),
        minor,
        original=happening.payment.id,
        reference=asked.reference if asked is not None else None,
        reason="Capture reversed by the scheme" if usual == "CAPTURE_FAILED" else None,
        extra=_action(asked),
    )


def _refunded(happening: Happening, account: Account) -> News:
    refund, kept = happening.refund, shelf(account)
    assert refund is not None, "a refund's event has its refund"
    asked = kept.modifications.get(happening.cause)
    was_told = refund.id in kept.told_refunds
    is_good = happening.name == "refund.succeeded"
    if is_good:
        kept.told_refunds.add(refund.id)
    return News(
        "REFUND_FAILED" if was_told and not is_good else asked.event if asked is not None else "REFUND",
        refund.id,
        refund.amount_minor,
        original=happening.payment.id,
        # What is said of a refund that came back later is that it did come back.
        success=is_good or was_told,
        reason=None if is_good else "Refund was returned by the bank of the shopper",
        reference=refund.details.get("reference"),
        extra=_action(asked),
    )


def _dispute(happening: Happening, _: Account) -> News:
    dispute = happening.dispute
    assert dispute is not None, "a dispute's event has its dispute"
    is_asked = dispute.is_inquiry
    is_due = dispute.status == "open" and dispute.due_ms is not None
    due = {"defensePeriodEndsAt": date_text(dispute.due_ms or 0)} if is_due else {}
    usual = _AGAIN if dispute.is_second else _DISPUTES
    code = _INQUIRIES.get(happening.name, _INQUIRY_OVER) if is_asked else usual[happening.name]
    return News(
        code,
        psp_reference(dispute.id),
        dispute.amount_minor,
        original=happening.payment.id,
        reason="Other Fraud-Card Absent Environment" if dispute.reason == "fraudulent" else dispute.reason,
        extra={"chargebackReasonCode": "10.4", "disputeStatus": _status(dispute.status), **due},
    )


def _status(status: str) -> str:
    return {"open": "Undefended", "won": "Won", "lost": "Lost"}.get(status, status)


def _action(asked: Modification | None) -> dict[str, str]:
    return {"modification.action": asked.action} if asked is not None and asked.action else {}


def _moved(happening: Happening, kind: str) -> int:
    return sum(entry.amount_minor for entry in happening.ledger if entry.kind == kind)


_PRIMARY: Mapping[str, Callable[[Happening, Account], News]] = {
    "payment.authorized": _charged,
    "payment.succeeded": _charged,
    "payment.failed": _refused,
    "payment.voided": _released,
    "payment.expired": _released,
    "capture.failed": _capture_failed,
    "refund.succeeded": _refunded,
    "refund.failed": _refunded,
    **dict.fromkeys(_DISPUTES, _dispute),
}
