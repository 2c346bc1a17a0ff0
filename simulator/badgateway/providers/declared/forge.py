"""Events that never happened, as an attacker would write them who knows the order."""

from __future__ import annotations

from badgateway.ground.records import changed
from badgateway.payments.decisions import failure
from badgateway.payments.model import Attempt, Dispute, Happening, Payment, Refund, Status
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.declared.events import events
from badgateway.providers.declared.model import Spec

# neutral name -> status of the forged payment, and of its attempt
_STORIES = {
    "payment.pending": (Status.PENDING, "pending"),
    "payment.authorized": (Status.AUTHORIZED, "authorized"),
    "payment.failed": (Status.NEW, "failed"),
    "payment.voided": (Status.VOIDED, "released"),
    "payment.expired": (Status.EXPIRED, "released"),
    "capture.failed": (Status.NEW, "failed"),
}
_PAID = (Status.SUCCEEDED, "captured")


def forge(
    name: str, order_ref: str, amount_minor: int, currency: str, account: Account, spec: Spec
) -> WireEvent:
    """Make the primary event of a name about the order's own payment, or about one that does not exist."""
    # An attacker who cannot name what this provider never tells says that it was paid.
    told = name if spec.webhooks.events.get(name) else "payment.succeeded"
    payment = _pretended(told, order_ref, amount_minor, currency, account, spec)
    now_ms = account.clock.now_ms()
    refund = dispute = None
    if told.startswith("refund."):
        refund = Refund(
            f"{spec.prefix('refund')}{account.ids.make('forged refund')}",
            payment.id,
            payment.amount_minor,
            payment.currency,
            told.removeprefix("refund.").replace("created", "pending"),
            attempt_id=payment.attempts[-1].id,
            created_ms=now_ms,
        )
    if told.startswith("dispute."):
        status = told.removeprefix("dispute.").replace("opened", "open")
        made = f"{spec.prefix('dispute')}{account.ids.make('forged dispute')}"
        dispute = Dispute(made, payment.id, payment.amount_minor, payment.currency, status, created_ms=now_ms)
    happening = Happening(told, payment, refund=refund, dispute=dispute, at_ms=now_ms)
    primary = next(event for event in events(happening, account, spec) if event.name is not None)
    return changed(primary, order_ref=order_ref)


def _pretended(
    told: str, order_ref: str, amount_minor: int, currency: str, account: Account, spec: Spec
) -> Payment:
    """Give the order's own payment, or one that never was, as it would stand if the story were true."""
    known = (one for one in reversed(account.book.payments()) if order_ref in (one.order_ref or ""))
    made = Payment(
        id=f"{spec.prefix('payment')}{account.ids.make('forged payment')}",
        amount_minor=amount_minor,
        currency=currency,
        order_ref=order_ref,
        created_ms=account.clock.now_ms(),
    )
    real: Payment = next(known, made)
    status, tried = _STORIES.get(told, _PAID)
    is_paid, why = status is Status.SUCCEEDED, failure("declined") if status is Status.NEW else None
    attempt = Attempt(
        real.attempts[-1].id if real.attempts else account.ids.make("forged attempt"),
        real.amount_minor,
        tried,
        captured_minor=real.amount_minor if is_paid else 0,
        failure=why,
        method=real.method,
        created_ms=real.created_ms,
    )
    return changed(
        real,
        status=status,
        held_minor=real.amount_minor if status is Status.AUTHORIZED else 0,
        captured_minor=real.amount_minor if is_paid else 0,
        refunded_minor=real.amount_minor if told == "refund.succeeded" else 0,
        attempts=(*real.attempts[:-1], attempt),
        failure=why,
    )
