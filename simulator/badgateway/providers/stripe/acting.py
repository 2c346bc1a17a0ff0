"""What a provider does by itself, asked for by hand: holds lapse, debits clear, refunds come back, payouts.

Stripe has no addresses for these; they are ours, for tests that nobody plays and for `badgateway trigger`.
"""

from __future__ import annotations

from badgateway.payments.commands import Clear, Command, ExpireAuthorization, FailRefund
from badgateway.payments.model import Outcome
from badgateway.providers.stripe.balance_object import payout_object
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, invalid, no_such
from badgateway.providers.stripe.intent_object import payment_intent_object
from badgateway.providers.stripe.refund_object import refund_object
from badgateway.providers.stripe.refusals import refused


def expire(call: Call) -> Done:
    """Let the hold of an intent lapse."""
    return _done_to_intent(call, ExpireAuthorization(call.id))


def clear(call: Call) -> Done:
    """Give a pending debit its outcome: paid, unless `paid` is false."""
    return _done_to_intent(call, Clear(call.id, is_paid=call.params.get("paid") is not False))


def fail_refund(call: Call) -> Done:
    """Let a refund come back from the shopper's bank."""
    outcome = _do(call, FailRefund(call.id), "refund")
    assert outcome.refund is not None, "a refund that came back is there"
    return Done(refund_object(outcome.refund, call.account), outcome.payment, call.id, is_applied=True)


def pay_out(call: Call) -> Done:
    """Settle what has moved and pay it out; the first of the payouts is shown."""
    settlement = call.account.book.settlement
    settlement.settle(call.account.cause)
    made = settlement.pay_out(call.account.cause)
    if not made:
        raise Refused(invalid("There is nothing to pay out: no settled balance is more than zero."))
    return Done(payout_object(made[0]), is_applied=True)


def _done_to_intent(call: Call, command: Command) -> Done:
    outcome = _do(call, command, "payment_intent")
    assert outcome.payment is not None, "what was done was done to a payment"
    return Done(payment_intent_object(outcome.payment, call.account), outcome.payment, is_applied=True)


def _do(call: Call, command: Command, kind: str) -> Outcome:
    outcome: Outcome = call.account.book.do(command, call.account.cause)
    if outcome.refusal is not None and outcome.refusal.code == "unknown_object":
        raise Refused(no_such(kind, call.id))
    if outcome.refusal is not None:
        raise Refused(refused(outcome, "act", call.account))
    return outcome
