"""What becomes of held money: captures (partial, several), voids, lapsed holds, and reversed captures."""

from __future__ import annotations

from badgateway.ground.records import changed
from badgateway.payments.change import Change, Move, Setting, Step, with_attempt
from badgateway.payments.commands import (
    CapturePayment,
    ExpireAuthorization,
    FailCapture,
    IncrementAuthorization,
    VoidPayment,
)
from badgateway.payments.decisions import failure
from badgateway.payments.ledger import HOLDS, MERCHANT, SHOPPER, moved
from badgateway.payments.model import Payment, Refusal, Status

Commands = CapturePayment | IncrementAuthorization | VoidPayment | ExpireAuthorization | FailCapture


def handle(
    payment: Payment,
    command: Commands,
    setting: Setting,
) -> Change | Refusal:
    """Work one command out."""
    match command:
        case CapturePayment():
            return capture(payment, command, setting)
        case IncrementAuthorization():
            return increment(payment, command, setting)
        case VoidPayment():
            return void(payment, command)
        case ExpireAuthorization():
            return expire(payment)
        case FailCapture():
            return fail_capture(payment)


def capture(payment: Payment, command: CapturePayment, setting: Setting) -> Change | Refusal:
    """Take held money. A final capture releases the rest; one that takes everything is final by itself."""
    held = payment.held_minor
    amount = held if command.amount_minor is None else command.amount_minor
    if amount <= 0:
        return Refusal("amount_too_small", "a capture takes something", "amount", payment=payment)
    if amount > held + command.over_minor and setting.is_strict:
        return Refusal("amount_too_large", f"only {held} is held", "amount", payment=payment)
    # What may be taken beyond the hold is held for a moment: it is allowed, unlike what comes after it.
    granted = min(max(amount - held, 0), command.over_minor)
    moves = [Move("auth", granted, moved(granted, SHOPPER, HOLDS))] if granted else []
    held += granted
    # Where more is taken than was held, the shopper's bank gives the rest without ever having been asked.
    from_hold = min(amount, held)
    postings = ((HOLDS, -from_hold), (SHOPPER, from_hold - amount), (MERCHANT, amount))
    moves.append(Move("capture", amount, tuple(posting for posting in postings if posting[1])))
    rest = held - from_hold
    is_final = command.is_final or rest == 0
    attempt = payment.attempts[-1]
    after = changed(
        payment,
        held_minor=rest,
        captured_minor=payment.captured_minor + amount,
        attempts=with_attempt(payment, changed(attempt, captured_minor=attempt.captured_minor + amount)),
    )
    if not is_final:
        return Change(after, (Step("payment.authorized", after, tuple(moves)),))
    return _closed(after, "void", tuple(moves))


def increment(payment: Payment, command: IncrementAuthorization, setting: Setting) -> Change | Refusal:
    """Hold more of the shopper's money; a refusal of the issuer leaves the hold as it was."""
    more = command.amount_minor - payment.amount_minor
    if more <= 0:
        return Refusal(
            "amount_too_small", "an increment asks for more than before", "amount", payment=payment
        )
    decided = setting.decide(changed(payment, amount_minor=command.amount_minor))
    if decided.kind == "declined":
        why = decided.failure or failure("declined")
        return Refusal("declined", why.message, failure=why, payment=payment)
    attempt = changed(payment.attempts[-1], amount_minor=payment.attempts[-1].amount_minor + more)
    after = changed(
        payment,
        amount_minor=command.amount_minor,
        held_minor=payment.held_minor + more,
        attempts=with_attempt(payment, attempt),
    )
    hold = Move("auth", more, moved(more, SHOPPER, HOLDS))
    return Change(after, (Step("payment.authorized", after, (hold,)),))


def void(payment: Payment, command: VoidPayment) -> Change:
    """Cancel. Where part was captured before, that part stays and the payment ends as succeeded."""
    reason = None if payment.captured_minor else command.reason
    return _closed(changed(payment, void_reason=reason), "void")


def expire(payment: Payment) -> Change:
    """Let the hold lapse; what was captured before stays."""
    return _closed(payment, "expire")


def fail_capture(payment: Payment) -> Change | Refusal:
    """Reverse what was captured. A payment whose money has gone further already is past that."""
    amount = payment.captured_minor
    if not amount:
        return Refusal("wrong_state", "nothing is captured", payment=payment)
    if payment.is_disputed:
        return Refusal("disputed", "the payment is disputed", payment=payment)
    if payment.refunded_minor:
        return Refusal("already_refunded", "part of the capture was refunded", payment=payment)
    attempt = changed(payment.attempts[-1], captured_minor=0)
    is_open = payment.status is Status.AUTHORIZED
    why = failure("capture_failed")
    if not is_open:
        attempt = changed(attempt, status="failed", failure=why)
    after = changed(
        payment,
        status=payment.status if is_open else Status.NEW,
        captured_minor=0,
        failure=why,
        attempts=with_attempt(payment, attempt),
    )
    back = Move("capture_fail", amount, moved(amount, MERCHANT, SHOPPER))
    return Change(after, (Step("capture.failed", after, (back,)),))


_ENDINGS = {"void": (Status.VOIDED, "payment.voided"), "expire": (Status.EXPIRED, "payment.expired")}


def _closed(payment: Payment, kind: str, moves: tuple[Move, ...] = ()) -> Change:
    """End a payment: give back what is still held, and name the end by what was captured."""
    rest = payment.held_minor
    if rest:
        moves = (*moves, Move(kind, rest, moved(rest, HOLDS, SHOPPER)))
    status, name = _ENDINGS[kind]
    attempts = payment.attempts
    if payment.captured_minor:
        status, name = Status.SUCCEEDED, "payment.succeeded"
        attempts = with_attempt(payment, changed(attempts[-1], status="captured"))
    elif rest:
        attempts = with_attempt(payment, changed(attempts[-1], status="released"))
    after = changed(payment, status=status, held_minor=0, held_until_ms=None, attempts=attempts)
    return Change(after, (Step(name, after, moves),))
