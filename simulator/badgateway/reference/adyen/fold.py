"""From the facts of a payment to how it stands; their order does not matter, for none is dependable."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.reference.adyen.mirror import ASKED, REPLY, Fact
from badgateway.reference.seen import DisputeSeen, PaymentSeen, RefundSeen
from badgateway.reference.states import State

REFUNDS = frozenset({"REFUND", "REFUND_FAILED", "REFUNDED_REVERSED", "CANCEL_OR_REFUND"})
_WON = frozenset({"CHARGEBACK_REVERSED", "PREARBITRATION_WON"})
_LOST = frozenset({"DISPUTE_DEFENSE_PERIOD_ENDED", "PREARBITRATION_LOST"})
DISPUTES = frozenset({"NOTIFICATION_OF_CHARGEBACK", "CHARGEBACK", "SECOND_CHARGEBACK"}) | _WON | _LOST
AUTHORISED = frozenset({"Authorised", "PartiallyAuthorised"})
WAITING = frozenset({"Received", "Pending"})
SENT_REFUND = "REFUND_RECEIVED"  # the answer to our request, before its notification
_BACK = frozenset({"REFUND_FAILED", "REFUNDED_REVERSED"})


def payment_seen(psp: str, facts: Sequence[Fact]) -> PaymentSeen:
    """Give a payment as all its facts tell it."""
    done = {fact.code: fact for fact in facts if fact.is_success}
    failed = {fact.code: fact for fact in facts if not fact.is_success}
    reference = next((fact.reference for fact in facts if fact.reference), "")
    asked = done.get(ASKED)
    held = _authorised(done)
    captured = _captured(facts, held, asked)
    refused = failed.get("AUTHORISATION") or failed.get(REPLY)
    order, _, n = reference.rpartition(".")
    amount = asked or held or refused or next(iter(facts))
    refunds = refunds_of(facts)
    return PaymentSeen(
        provider_id=psp,
        state=_state(done, held, captured, refused),
        amount_minor=amount.amount_minor,
        currency=(held or amount).currency,
        captured_minor=captured,
        refunded_minor=sum(one.amount_minor for one in refunds if one.state in {"PENDING", "SUCCEEDED"}),
        is_disputed=any(one.state != "WON" for one in disputes_of(facts)),
        redirect_url=None,
        failure_code=refused.detail if refused and held is None else None,
        order_reference=order or None,
        attempt_n=int(n) if n.isdecimal() else None,
        held_minor=_held(facts, held, asked),
    )


def refunds_of(facts: Sequence[Fact]) -> list[RefundSeen]:
    """Give the refunds of a payment."""
    psps = dict.fromkeys(fact.psp for fact in facts if _is_refund(fact))
    return [refund_seen([fact for fact in facts if fact.psp == psp and _is_refund(fact)]) for psp in psps]


def refund_seen(facts: Sequence[Fact]) -> RefundSeen:
    """Give one refund as its own facts tell it."""
    codes = {fact.code for fact in facts}
    one = next((fact for fact in facts if fact.code == SENT_REFUND), facts[0])
    if codes & _BACK or any(not fact.is_success for fact in facts):
        state = "FAILED"
    else:
        state = "PENDING" if codes == {SENT_REFUND} else "SUCCEEDED"
    reference = one.detail if one.code == SENT_REFUND else None
    return RefundSeen(one.psp, one.payment_psp, one.amount_minor, state, reference)


def disputes_of(facts: Sequence[Fact]) -> list[DisputeSeen]:
    """Give the disputes of a payment."""
    psps = dict.fromkeys(fact.psp for fact in facts if fact.code in DISPUTES)
    return [dispute_seen([fact for fact in facts if fact.psp == psp]) for psp in psps]


def dispute_seen(facts: Sequence[Fact]) -> DisputeSeen:
    """Give one dispute as its own facts tell it; a reversed chargeback is a dispute that was won."""
    codes = {fact.code for fact in facts}
    state = "WON" if codes & _WON else "LOST" if codes & _LOST else "OPEN"
    return DisputeSeen(facts[0].psp, facts[0].payment_psp, facts[0].amount_minor, state)


def _is_refund(fact: Fact) -> bool:
    if fact.code == "CANCEL_OR_REFUND":
        return fact.detail == "refund"
    return fact.code in REFUNDS or fact.code == SENT_REFUND


def _held(facts: Sequence[Fact], held: Fact | None, asked: Fact | None) -> int | None:
    """Give what is held where it is another amount than was asked for at first; we only ever ask for more."""
    raised = [one.amount_minor for one in facts if one.code == "AUTHORISATION_ADJUSTMENT" and one.is_success]
    if held is None or asked is None:
        return None
    if raised:
        return max(raised)
    return held.amount_minor if held.amount_minor < asked.amount_minor else None


def _authorised(done: dict[str, Fact]) -> Fact | None:
    reply = done.get(REPLY)
    return done.get("AUTHORISATION") or (reply if reply and reply.detail in AUTHORISED else None)


def _captured(facts: Sequence[Fact], held: Fact | None, asked: Fact | None) -> int:
    if held is None:
        return 0
    if asked is None or asked.detail != "manual":
        return held.amount_minor
    return sum(fact.amount_minor for fact in facts if fact.code == "CAPTURE" and fact.is_success)


def _state(done: dict[str, Fact], held: Fact | None, captured: int, refused: Fact | None) -> State | None:
    reversal = done.get("CANCEL_OR_REFUND")
    is_cancelled = {"CANCELLATION", "TECHNICAL_CANCEL"} & set(done) or (
        reversal is not None and reversal.detail == "cancel"
    )
    ends = (
        ("CAPTURE_FAILED" in done, State.REVERSED),
        (captured > 0, State.SUCCEEDED),
        (is_cancelled, State.CANCELLED),
        ("EXPIRE" in done, State.EXPIRED),
        (held is not None, State.AUTHORIZED),
        (refused is not None, State.FAILED),
        (REPLY in done and done[REPLY].detail in WAITING, State.PROCESSING),
    )
    return next((state for is_so, state in ends if is_so), None)
