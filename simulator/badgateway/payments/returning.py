"""Captured money that goes back: refunds, at once or later or not at all, and disputes."""

from __future__ import annotations

from badgateway.ground.records import changed
from badgateway.payments.change import Change, Due, Move, Setting, Step, with_attempt
from badgateway.payments.charging import kept
from badgateway.payments.commands import Clear, CloseDispute, FailRefund, OpenDispute, RefundPayment
from badgateway.payments.decisions import DAY_MS
from badgateway.payments.ledger import DISPUTED, MERCHANT, SHOPPER, moved
from badgateway.payments.model import Dispute, Payment, Refund, Refusal

OUTCOMES = ("succeeded", "pending", "fails_later")
REFUND_MS = 3 * DAY_MS  # virtual time until a pending refund arrives, or until one that will fail does
EVIDENCE_MS = 14 * DAY_MS  # until when a dispute can be contested, of the weeks that card schemes allow
INQUIRY_MS = 120 * DAY_MS  # nobody followed an inquiry up: it is over


def refund(payment: Payment, command: RefundPayment, setting: Setting) -> Change | Refusal:
    """Give captured money back. The money leaves the merchant at once, also while the refund is pending."""
    left = payment.captured_minor - payment.refunded_minor
    amount = left if command.amount_minor is None else command.amount_minor
    refused = _check_refund(payment, command, amount, setting)
    if refused:
        return refused
    is_pending = command.outcome == "pending"
    made = Refund(
        id=command.id,
        payment_id=payment.id,
        amount_minor=amount,
        currency=payment.currency,
        status="pending" if is_pending else "succeeded",
        reason=command.reason,
        attempt_id=payment.attempts[-1].id,
        created_ms=setting.now_ms,
        details=kept(command.details),
    )
    after = _with_refunded(payment, made, amount)
    back = Move("refund", amount, moved(amount, MERCHANT, SHOPPER), refund_id=made.id)
    at_ms = setting.now_ms + REFUND_MS
    if is_pending:
        due = Due(made.id, at_ms, Clear(payment.id, refund_id=made.id))
        return Change(after, (Step("refund.created", after, (back,), refund=made),), (due,))
    created = Step("refund.created", after, refund=made)
    done = Step("refund.succeeded", after, (back,), refund=made)
    dues = (Due(made.id, at_ms, FailRefund(made.id)),) if command.outcome == "fails_later" else ()
    return Change(after, (created, done), dues)


def clear_refund(payment: Payment, made: Refund, command: Clear) -> Change | Refusal:
    """Give a pending refund its outcome."""
    if made.status != "pending":
        return Refusal("wrong_state", f"the refund is {made.status}", payment=payment)
    if not command.is_paid:
        return _bounced(payment, made)
    done = changed(made, status="succeeded")
    return Change(payment, (Step("refund.succeeded", payment, refund=done),))


def fail_refund(payment: Payment, made: Refund) -> Change | Refusal:
    """Bring a refund back from the bank: the merchant has the money again, the shopper does not."""
    if made.status not in {"pending", "succeeded"}:
        return Refusal("wrong_state", f"the refund is {made.status}", payment=payment)
    return _bounced(payment, made)


def open_dispute(payment: Payment, command: OpenDispute, setting: Setting) -> Change | Refusal:
    """Freeze what the shopper's bank asks back. A lost one is the last; after a won one another may come."""
    if payment.is_disputed:
        return Refusal("disputed", "the payment is disputed already", payment=payment)
    left = payment.captured_minor - payment.refunded_minor
    amount = left if command.amount_minor is None else command.amount_minor
    if not payment.captured_minor:
        return Refusal("wrong_state", "nothing is captured", payment=payment)
    if amount <= 0:
        return Refusal("amount_too_small", "a dispute asks for something", "amount", payment=payment)
    if amount > left and setting.is_strict:
        return Refusal("amount_too_large", f"only {left} is left", "amount", payment=payment)
    dispute = Dispute(
        id=command.id,
        payment_id=payment.id,
        amount_minor=amount,
        currency=payment.currency,
        reason=command.reason,
        created_ms=setting.now_ms,
        is_inquiry=command.is_inquiry,
        is_second=command.is_second,
        due_ms=setting.now_ms + EVIDENCE_MS,
    )
    if dispute.is_inquiry:
        due = Due(dispute.id, setting.now_ms + INQUIRY_MS, CloseDispute(dispute.id, is_won=True))
        return Change(payment, (Step("dispute.opened", payment, dispute=dispute),), (due,))
    after = changed(payment, is_disputed=True)
    freeze = Move("dispute_open", amount, moved(amount, MERCHANT, DISPUTED), dispute_id=dispute.id)
    lost = CloseDispute(dispute.id, is_won=False)
    lapse = Due(dispute.id, setting.now_ms + EVIDENCE_MS, lost, is_lapse=True)
    return Change(after, (Step("dispute.opened", after, (freeze,), dispute=dispute),), (lapse,))


def contest_dispute(payment: Payment, dispute: Dispute, setting: Setting) -> Change | Refusal:
    """Hand in evidence, once and in time; then only the bank decides."""
    if dispute.status != "open" or dispute.is_contested:
        stands = "contested already" if dispute.is_contested else dispute.status
        return Refusal("wrong_state", f"the dispute is {stands}", payment=payment)
    if dispute.due_ms is not None and setting.now_ms >= dispute.due_ms:
        return Refusal("wrong_state", "the day on which evidence was due has passed", payment=payment)
    told = changed(dispute, is_contested=True)
    return Change(payment, (Step("dispute.contested", payment, dispute=told),))


def close_dispute(payment: Payment, dispute: Dispute, command: CloseDispute) -> Change | Refusal:
    """Decide a dispute: won gives the frozen money back to the merchant, lost gives it to the shopper."""
    if dispute.status != "open":
        return Refusal("wrong_state", f"the dispute is {dispute.status}", payment=payment)
    word, target = ("won", MERCHANT) if command.is_won else ("lost", SHOPPER)
    closed = changed(dispute, status=word)
    if dispute.is_inquiry:
        return Change(payment, (Step(f"dispute.{word}", payment, dispute=closed),))
    after = changed(payment, is_disputed=not command.is_won)
    amount = dispute.amount_minor
    move = Move(f"dispute_{word}", amount, moved(amount, DISPUTED, target), dispute_id=dispute.id)
    return Change(after, (Step(f"dispute.{word}", after, (move,), dispute=closed),))


def _check_refund(payment: Payment, command: RefundPayment, amount: int, setting: Setting) -> Refusal | None:
    assert command.outcome in OUTCOMES, command.outcome
    left = payment.captured_minor - payment.refunded_minor
    if not payment.captured_minor:
        return Refusal("nothing_to_refund", "nothing is captured", payment=payment)
    if payment.is_disputed and setting.is_strict:
        return Refusal("disputed", "the payment is disputed", payment=payment)
    if left <= 0 and (setting.is_strict or command.amount_minor is None):
        return Refusal("already_refunded", "everything was refunded", payment=payment)
    if amount <= 0:
        return Refusal("amount_too_small", "a refund gives something back", "amount", payment=payment)
    if amount > left and setting.is_strict:
        return Refusal("amount_too_large", f"only {left} is left", "amount", payment=payment)
    return None


def _bounced(payment: Payment, made: Refund) -> Change:
    failed = changed(made, status="failed")
    after = _with_refunded(payment, made, -made.amount_minor)
    amount = made.amount_minor
    back = Move("refund_fail", amount, moved(amount, SHOPPER, MERCHANT), refund_id=made.id)
    return Change(after, (Step("refund.failed", after, (back,), refund=failed),))


def _with_refunded(payment: Payment, made: Refund, amount: int) -> Payment:
    attempt = next(known for known in payment.attempts if known.id == made.attempt_id)
    counted = changed(attempt, refunded_minor=attempt.refunded_minor + amount)
    return changed(
        payment,
        refunded_minor=payment.refunded_minor + amount,
        attempts=with_attempt(payment, counted),
    )
