"""Events that never happened, as an attacker would write them who knows the order."""

from __future__ import annotations

from badgateway.ground.records import changed
from badgateway.payments.decisions import failure
from badgateway.payments.model import Attempt, Dispute, Happening, LedgerEntry, Payment, Refund, Status
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.events import render_events

# neutral name -> status that the forged payment has, and the entry that would stand behind it
_STORIES = {
    "payment.pending": (Status.PENDING, ""),
    "payment.authorized": (Status.AUTHORIZED, "auth"),
    "payment.succeeded": (Status.SUCCEEDED, "auth"),
    "payment.failed": (Status.NEW, ""),
    "payment.voided": (Status.VOIDED, ""),
    "payment.expired": (Status.EXPIRED, ""),
    "capture.failed": (Status.NEW, ""),
    "refund.succeeded": (Status.SUCCEEDED, "refund"),
    "refund.failed": (Status.SUCCEEDED, ""),
    "dispute.opened": (Status.SUCCEEDED, ""),
    "dispute.won": (Status.SUCCEEDED, ""),
    "dispute.lost": (Status.SUCCEEDED, ""),
}
_ATTEMPTS = {
    Status.PENDING: "pending",
    Status.AUTHORIZED: "authorized",
    Status.SUCCEEDED: "captured",
    Status.NEW: "failed",
    Status.VOIDED: "released",
    Status.EXPIRED: "released",
}


def forge(name: str, order_ref: str, amount_minor: int, currency: str, account: Account) -> WireEvent:
    """Make the primary event of a name about the order's own payment, or about one that does not exist."""
    status, moved = _STORIES.get(name, _STORIES["payment.succeeded"])
    known = _payment_of(order_ref, account)
    real = known or Payment(
        id=f"pi_3{account.ids.make('forged payment', 23)}",
        amount_minor=amount_minor,
        currency=currency,
        order_ref=order_ref,
        created_ms=account.clock.now_ms(),
        details={"metadata": {"order": order_ref, "order_id": order_ref}},
    )
    payment = _pretended(real, status, account)
    happening = Happening(
        name=name if name in _STORIES else "payment.succeeded",
        payment=payment,
        before=real,
        refund=_refund(name, payment, account),
        dispute=_dispute(name, payment, account),
        ledger=(LedgerEntry(0, moved, payment.id, amount_minor, currency, "", 0),) if moved else (),
        at_ms=account.clock.now_ms(),
    )
    events = render_events(happening, account, is_kept=False)
    primary = next(event for event in events if event.name is not None)
    # No entry of the ledger stands behind it, whatever it says.
    return changed(primary, facts=(), cause="", order_ref=order_ref)


def _payment_of(order_ref: str, account: Account) -> Payment | None:
    for payment in reversed(account.book.payments()):
        if order_ref in (payment.order_ref or ""):
            found: Payment = payment
            return found
    return None


def _pretended(real: Payment, status: Status, account: Account) -> Payment:
    amount = real.amount_minor
    is_captured = status is Status.SUCCEEDED
    last = real.attempts[-1] if real.attempts else None
    why = failure("declined") if status is Status.NEW else None
    attempt = Attempt(
        id=last.id if last else account.ids.make("forged attempt"),
        amount_minor=amount,
        status=_ATTEMPTS[status],
        captured_minor=amount if is_captured else 0,
        failure=why,
        method=real.method,
        created_ms=last.created_ms if last else account.clock.now_ms(),
    )
    return changed(
        real,
        status=status,
        held_minor=amount if status is Status.AUTHORIZED else 0,
        captured_minor=amount if is_captured else 0,
        attempts=(*real.attempts[:-1], attempt),
        failure=why,
    )


def _refund(name: str, payment: Payment, account: Account) -> Refund | None:
    if not name.startswith("refund."):
        return None
    return Refund(
        id=f"re_3{account.ids.make('forged refund', 23)}",
        payment_id=payment.id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        status=name.removeprefix("refund."),
        attempt_id=payment.attempts[-1].id,
        created_ms=account.clock.now_ms(),
    )


def _dispute(name: str, payment: Payment, account: Account) -> Dispute | None:
    if not name.startswith("dispute."):
        return None
    return Dispute(
        id=f"du_1{account.ids.make('forged dispute', 23)}",
        payment_id=payment.id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        status=name.removeprefix("dispute.").replace("opened", "open"),
        created_ms=account.clock.now_ms(),
    )
