"""What a cancelled order still owes: its hold is voided, and money that arrives all the same goes back."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from badgateway.reference import audit
from badgateway.reference.clock import new_token
from badgateway.reference.intents import open_intents, record_intent
from badgateway.reference.records import Order, attempts_of, refunds_where
from badgateway.reference.routing import surplus
from badgateway.reference.service import Service
from badgateway.reference.states import REFUND_COUNTS
from badgateway.reference.stripe_amounts import to_wire
from badgateway.reference.tables import refunds


def plan_follow_up(tx: Connection, service: Service, order: Order) -> None:
    """Record the intents that a cancelled order calls for; they are carried out after the transaction.

    So goes the money that arrives at one provider after another one took over: it was paid already.
    """
    tries = attempts_of(tx, order.id)
    if not order.is_cancelled:
        tries = surplus(tries)
    waiting = {
        intent.attempt_id for intent in open_intents(tx, order.id) if intent.kind in {"void", "refund"}
    }
    for attempt in tries:
        if attempt.provider_id is None or attempt.id in waiting:
            continue
        if service.policies.cancelling.voids(attempt.state):
            record_intent(tx, service, "void", attempt, {"payment_id": attempt.provider_id})
            continue
        asked = refunds_where(tx, refunds.c.attempt_id == attempt.id)
        left = attempt.captured_minor - sum(
            refund.amount_minor for refund in asked if refund.state in REFUND_COUNTS
        )
        # A refund that failed is not asked for again by itself: a human has to find another way.
        if left > 0 and not asked and service.policies.cancelling.returns_money():
            record_refund(tx, service, order, attempt.id, left, f"cancel-{attempt.n}")


def record_refund(
    tx: Connection, service: Service, order: Order, attempt_id: int, minor: int, reference: str
) -> None:
    """Record a refund and the intent to ask for it."""
    attempt = next(found for found in attempts_of(tx, order.id) if found.id == attempt_id)
    now, base = service.clock.wall_ms(), service.policies.presentment.base_minor(minor, order)
    values = {
        "order_id": order.id,
        "attempt_id": attempt_id,
        "reference": reference or new_token(),
        "created_ms": now,
        "amount_minor": minor,
        "state": "REQUESTED",
    }
    made = tx.execute(insert(refunds).values(values)).inserted_primary_key
    assert made is not None
    rules = service.policies.presentment
    params = {
        "payment_intent": attempt.provider_id,
        "amount": to_wire(rules.asked_minor(minor, order), order.currency),
        "metadata": {"order": order.reference, "refund": values["reference"]},
        **service.policies.refunding.details(),
    }
    record_intent(tx, service, "refund", attempt, params, refund_id=int(made[0]))
    audit.note(tx, now, order.reference, "refund_requested", amount_minor=minor, base_minor=base)
