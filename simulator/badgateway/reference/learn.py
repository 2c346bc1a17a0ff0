"""How knowledge of the provider enters the books: in one transaction, with its effects."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from badgateway.reference import audit
from badgateway.reference.follow_up import plan_follow_up
from badgateway.reference.increments import granted_minor, held_minor
from badgateway.reference.intents import close_answered, close_refund
from badgateway.reference.notice import Notice
from badgateway.reference.records import (
    Attempt,
    Order,
    attempts_of,
    attempts_where,
    disputes_where,
    find_attempt,
    find_order,
    get_order,
    refunds_where,
)
from badgateway.reference.seen import DisputeSeen, Observation, PaymentSeen, RefundSeen
from badgateway.reference.service import Service
from badgateway.reference.states import LIVE, REFUND_SHOWN, OrderFacts, State
from badgateway.reference.tables import attempts, disputes, orders, refunds
from badgateway.reference.wallet import keep_method

_EARNED = {"PAID": ("fulfilment", "receipt", "stock")}


def learn(
    tx: Connection,
    service: Service,
    seen: Observation,
    notice: Notice | None = None,
    attempt_id: int | None = None,
) -> Order | None:
    """Take one observation into the books; gives the order it belongs to, None where it is not ours."""
    attempt = _attempt_of(tx, service, seen, notice, attempt_id)
    if attempt is None or not _may_touch(service, get_order(tx, attempt.order_id), notice):
        return None
    if service.policies.unknown_outcome.takes_news(attempt.state):
        if seen.payment:
            current = attempts_of(tx, attempt.order_id)[-1].route
            told = service.policies.orchestrating.read(seen.payment)
            news = service.policies.routing.news(told, attempt.route, current)
            attempt = _take_payment(tx, service, attempt, news)
        for refund in seen.refunds:
            _take_refund(tx, service, attempt, refund)
        for dispute in seen.disputes:
            _take_dispute(tx, service, attempt, dispute)
    return settle(tx, service, attempt.order_id, notice)


def settle(tx: Connection, service: Service, order_id: int, notice: Notice | None = None) -> Order:
    """Derive the order's status from all that is known, grant what it has earned, plan what must follow."""
    order, now = get_order(tx, order_id), service.clock.wall_ms()
    tries = attempts_of(tx, order_id)
    refunded = sum(
        r.amount_minor
        for r in refunds_where(tx, refunds.c.order_id == order_id, refunds.c.state.in_(REFUND_SHOWN))
    )
    captured = sum(attempt.captured_minor for attempt in tries)
    states = [dispute.state for dispute in disputes_where(tx, disputes.c.order_id == order_id)]
    policies, due = service.policies, order.amount_minor + granted_minor(tx, order_id)
    known = OrderFacts(due, order.is_cancelled, tries, min(refunded, captured), states)
    derived = policies.order_status.derive(known)
    if any(attempt.state is State.AUTHORIZED and attempt.amount_minor < due for attempt in tries):
        derived = policies.order_status.held_in_part(derived)
    moved = [one for one in tries if one.captured_minor or one.state is State.AUTHORIZED]
    if any(attempt.currency != order.currency for attempt in moved):
        derived = policies.order_status.in_other_money(derived)
    if service.settings.review_checks and any(policies.checking.doubts(attempt) for attempt in tries):
        derived = policies.checking.status(derived, order.capture)
    if order.is_cancelled:
        derived = policies.cancelling.status(derived)
    status = policies.apply_event.order_status(order.status, derived, notice)
    if status != order.status:
        tx.execute(update(orders).where(orders.c.id == order_id).values(status=status, updated_ms=now))
        audit.note(
            tx,
            now,
            order.reference,
            "status",
            was=order.status,
            now=status,
            by=notice.type if notice else "call",
        )
        service.log("order_status", order=order.reference, status=status)
    for kind in _EARNED.get(status, ()):
        give(tx, service, order, kind, notice)
    order = get_order(tx, order_id)
    plan_follow_up(tx, service, order)
    return order


def give(tx: Connection, service: Service, order: Order, kind: str, notice: Notice | None = None) -> None:
    """Give an order an effect that it has earned; the outbox sends it once this is committed."""
    now = service.clock.wall_ms()
    policies = service.policies
    is_new = policies.inbox.grant(tx, order.id, kind, notice, now)
    if is_new or policies.as_of.grants_again(tx, order.id, kind, now):
        audit.note(tx, now, order.reference, kind)
        service.metrics.count("effects", kind, "given")


def move(
    tx: Connection,
    service: Service,
    attempt: Attempt,
    state: State,
    *,
    is_told: bool = True,
    **changes: Any,
) -> Attempt:
    """Write an attempt's new state and what came with it; is_told: the provider said so, nobody gave up."""
    outcome = service.policies.tallies.outcome(attempt.state, state) if is_told else None
    if outcome is not None:
        code = str(changes.get("failure_code") or "") if outcome == "declined" else ""
        service.metrics.count("payments", code, outcome)
    slot = attempt.order_id if state in LIVE else None
    if slot is not None and attempt.live_slot is None:
        taken = tx.execute(select(attempts.c.id).where(attempts.c.live_slot == slot)).first()
        slot = None if taken else slot  # both are live now; derive_status makes it a REVIEW
    now = service.clock.wall_ms()
    values = {
        "state": state.value,
        "live_slot": slot,
        "version": attempt.version + 1,
        "changed_ms": now,
        **changes,
    }
    tx.execute(update(attempts).where(attempts.c.id == attempt.id).values(values))
    if state != attempt.state:
        reference = get_order(tx, attempt.order_id).reference
        audit.note(tx, now, reference, "attempt", n=attempt.n, was=attempt.state, now=state)
    return attempts_where(tx, attempts.c.id == attempt.id)[0]


def _may_touch(service: Service, order: Order, notice: Notice | None) -> bool:
    """Say whether what we know, from an event or from a look of our own, may change an order."""
    return notice is None or service.policies.tenancy.may_touch(order.merchant, notice.merchant)


def _attempt_of(
    tx: Connection, service: Service, seen: Observation, notice: Notice | None, attempt_id: int | None
) -> Attempt | None:
    payment = seen.payment
    if attempt_id is not None:
        attempt = attempts_where(tx, attempts.c.id == attempt_id)[0]
        if payment is None or attempt.provider_id in {None, payment.provider_id}:
            return attempt
    if payment is None:
        owners = [refund.payment_id for refund in seen.refunds] + [
            dispute.payment_id for dispute in seen.disputes
        ]
        return find_attempt(tx, owners[0]) if owners else None
    known = find_attempt(tx, payment.provider_id)
    order = find_order(tx, payment.order_reference) if payment.order_reference else None
    if known is not None or order is None or not _may_touch(service, order, notice):
        return known
    for attempt in attempts_of(tx, order.id):
        if attempt.n == payment.attempt_n and attempt.provider_id is None:
            return attempt
    return _adopt(tx, service, order, payment)


def _adopt(tx: Connection, service: Service, order: Order, payment: PaymentSeen) -> Attempt:
    """Own up to a payment of our order that no attempt of ours has made: its money must not go unseen."""
    now = service.clock.wall_ms()
    n = 1 + (tx.execute(select(func.max(attempts.c.n)).where(attempts.c.order_id == order.id)).scalar() or 0)
    values = {
        "order_id": order.id,
        "n": n,
        "route": service.route,
        "method": "",
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "state": State.UNKNOWN.value,
        "expected_minor": payment.amount_minor,
        "captured_minor": 0,
        "version": 0,
        "changed_ms": now,
        "created_ms": now,
    }
    made = tx.execute(insert(attempts).values(values)).inserted_primary_key
    assert made is not None
    audit.note(tx, now, order.reference, "adopted", provider_id=payment.provider_id)
    return attempts_where(tx, attempts.c.id == made[0])[0]


def _take_payment(tx: Connection, service: Service, attempt: Attempt, seen: PaymentSeen) -> Attempt:
    state = attempt.state
    if seen.state is not None and service.policies.state_rules.allows(attempt.state, seen.state):
        state = seen.state
    changes: dict[str, Any] = {}
    if attempt.provider_id is None:
        changes["provider_id"] = seen.provider_id
    if seen.state == state:
        rules = service.policies.state_rules
        captured = rules.captured_minor(state, attempt.captured_minor, seen.captured_minor)
        changes |= {
            key: value
            for key, value in (
                ("captured_minor", captured),
                ("currency", seen.currency or attempt.currency),
                ("amount_minor", _held(tx, attempt, seen)),
                ("redirect_url", seen.redirect_url),
                ("gateway_id", seen.gateway_id or attempt.gateway_id),
                ("failure_code", seen.failure_code if state is State.FAILED else None),
                ("advice", seen.advice if state is State.FAILED else None),
                (
                    "failed_checks",
                    attempt.failed_checks if seen.failed_checks is None else seen.failed_checks,
                ),
            )
            if value != getattr(attempt, key)
        }
    if changes or state != attempt.state:
        attempt = move(tx, service, attempt, state, **changes)
    elif seen.captured_minor:
        service.policies.as_of.counts_again(
            tx, attempt.order_id, seen.captured_minor, service.clock.wall_ms()
        )
    close_answered(tx, attempt)
    keep_method(tx, attempt, seen)
    return attempt


def _held(tx: Connection, attempt: Attempt, seen: PaymentSeen) -> int:
    """Give what an attempt is about: what was asked for, or the part of it that the issuer holds."""
    if seen.state is not State.AUTHORIZED or seen.held_minor is None:
        return attempt.amount_minor
    return held_minor(tx, attempt, seen.held_minor)


def _take_refund(tx: Connection, service: Service, attempt: Attempt, seen: RefundSeen) -> None:
    rules = service.policies.state_rules
    now, order = service.clock.wall_ms(), get_order(tx, attempt.order_id)
    known = refunds_where(tx, refunds.c.provider_id == seen.provider_id)
    if not known and seen.reference:
        known = refunds_where(
            tx,
            refunds.c.order_id == attempt.order_id,
            refunds.c.reference == seen.reference,
            refunds.c.provider_id.is_(None),
        )
    if not known:
        values = {
            "order_id": attempt.order_id,
            "attempt_id": attempt.id,
            "reference": seen.provider_id,
            "created_ms": now,
            "amount_minor": seen.amount_minor,
            "state": seen.state,
            "provider_id": seen.provider_id,
        }
        tx.execute(insert(refunds).values(values))
    elif known[0].provider_id is None or rules.allows_refund(known[0].state, seen.state):
        values = {"state": seen.state, "provider_id": seen.provider_id, "amount_minor": seen.amount_minor}
        tx.execute(update(refunds).where(refunds.c.id == known[0].id).values(values))
        close_refund(tx, known[0].id)
    else:
        return
    audit.note(tx, now, order.reference, "refund", provider_id=seen.provider_id, now=seen.state)


def _take_dispute(tx: Connection, service: Service, attempt: Attempt, seen: DisputeSeen) -> None:
    now, order = service.clock.wall_ms(), get_order(tx, attempt.order_id)
    known = disputes_where(tx, disputes.c.provider_id == seen.provider_id)
    if not known:
        values = {
            "order_id": attempt.order_id,
            "attempt_id": attempt.id,
            "provider_id": seen.provider_id,
            "amount_minor": seen.amount_minor,
            "state": seen.state,
        }
        tx.execute(insert(disputes).values(values))
    elif service.policies.state_rules.allows_dispute(known[0].state, seen.state):
        tx.execute(update(disputes).where(disputes.c.id == known[0].id).values(state=seen.state))
    else:
        return
    audit.note(tx, now, order.reference, "dispute", provider_id=seen.provider_id, now=seen.state)
