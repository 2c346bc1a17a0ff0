"""What a merchant asks for: pay, raise, capture, refund, cancel; each is written down, then carried out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, update

from badgateway.reference import audit
from badgateway.reference.calls import Verdict, carry_out
from badgateway.reference.clock import new_token
from badgateway.reference.failing_over import Methods, carry_over
from badgateway.reference.follow_up import record_refund
from badgateway.reference.increments import ROUTES as INCREMENT_ROUTES
from badgateway.reference.increments import increments_where, record_increment
from badgateway.reference.intents import open_intents, record_intent
from badgateway.reference.learn import give, settle
from badgateway.reference.orders import need_order
from badgateway.reference.records import (
    Attempt,
    Intent,
    Order,
    attempts_of,
    attempts_where,
    intents_where,
    refunds_where,
)
from badgateway.reference.routing import kept_first
from badgateway.reference.service import Problem, Service
from badgateway.reference.states import State
from badgateway.reference.stripe_amounts import to_wire
from badgateway.reference.tables import attempts, increments, intents, orders, refunds
from badgateway.reference.wallet import find_wallet, open_wallet


def pay(
    service: Service,
    reference: str,
    method: str,
    *,
    saves: bool = False,
    others: Mapping[str, str] | None = None,
) -> Verdict | None:
    """Start a new attempt and carry it out; None where one is live already, which is then the answer.

    `saves` keeps the payment method for renewals; `others` is what stands for it at further providers.
    Raises Problem where the order cannot be paid.
    """
    methods = Methods(method, others or {})
    route = methods.usable(service.settings.route)
    if saves:
        with service.store.read() as tx:
            order = _payable(tx, reference)
        open_wallet(service, order)
    with service.store.write() as tx:
        order = _payable(tx, reference)
        tries = attempts_of(tx, order.id)
        live = _live(service, tries)
        if live is None:
            at = service.policies.routing.start(route, tries)
            intent = _start(tx, service, order, methods.at(at), at)
        elif live.state is State.ACTION and live.provider_id and live.method != methods.at(live.route):
            # The shopper left the issuer's page for another card: the old payment must not succeed as well.
            intent = record_intent(tx, service, "void", live, {"payment_id": live.provider_id})
        elif live.state is State.UNKNOWN and service.policies.retry_keys.asks_again():
            intent = open_intents(tx, order.id)[0]
        else:
            return None
    if intent.kind == "void":
        is_void = carry_out(service, intent).kind == "done"
        return pay(service, reference, method, saves=saves, others=others) if is_void else None

    def again(tx: Connection, token: str, at: str) -> Intent | None:
        order = _payable(tx, reference)
        is_free = _live(service, attempts_of(tx, order.id)) is None
        return _start(tx, service, order, token, at) if is_free else None

    verdict = carry_over(service, intent, route, methods, again)
    if verdict.kind == "declined" and service.policies.retrying.charges_again(len(tries) + 1):
        return pay(service, reference, method, others=others)
    carry_out_rest(service, order.id)
    return verdict


def _live(service: Service, tries: Sequence[Attempt]) -> Attempt | None:
    return next((one for one in tries if service.policies.one_attempt.blocks(one.state)), None)


def _start(tx: Connection, service: Service, order: Order, method: str, at: str) -> Intent:
    slot = service.policies.one_attempt.slot(order.id)
    return start_attempt(tx, service, order, method, slot, _agreed(tx, order), at)


def _payable(tx: Connection, reference: str) -> Order:
    order = need_order(tx, reference)
    if order.is_cancelled:
        raise Problem(409, "order_cancelled", "the order is cancelled")
    if order.status in {"REFUNDED", "DISPUTED", "REVIEW"}:
        raise Problem(409, "not_payable", f"the order is {order.status}")
    return order


def _agreed(tx: Connection, order: Order) -> dict[str, Any]:
    """Give what tells the provider that the shopper agrees to be charged again later."""
    wallet = find_wallet(tx, order.id)
    return {"customer": wallet.customer_id, "setup_future_usage": "off_session"} if wallet else {}


def start_attempt(
    tx: Connection,
    service: Service,
    order: Order,
    method: str,
    slot: int | None,
    more: Mapping[str, Any],
    route: str = "",
) -> Intent:
    """Write down a new attempt and the intent to make it; `more` is what the provider is told beside.

    `slot` is the order's id where the database is to keep a second live attempt out, else None. `route` is
    the provider; left out, the preferred one.
    """
    now, n = service.clock.wall_ms(), len(attempts_of(tx, order.id)) + 1
    values = {
        "order_id": order.id,
        "n": n,
        "route": route or service.settings.provider,
        "method": method,
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "state": State.SENT.value,
        "live_slot": slot,
        "expected_minor": order.amount_minor,
        "captured_minor": 0,
        "version": 0,
        "changed_ms": now,
        "created_ms": now,
    }
    made = tx.execute(insert(attempts).values(values)).inserted_primary_key
    assert made is not None
    attempt = attempts_where(tx, attempts.c.id == made[0])[0]
    params: dict[str, Any] = {
        "amount": to_wire(order.amount_minor, order.currency),
        "currency": order.currency.lower(),
        "payment_method": method,
        "confirm": True,
        "capture_method": order.capture,
        "return_url": f"{service.settings.public_url}/orders/{order.reference}/return",
        "metadata": {"order": order.reference, "attempt": str(n)},
        **more,
    }
    if order.is_raisable and order.capture == "manual":
        wish = {"request_incremental_authorization": "if_available"}
        params["payment_method_options"] = {"card": wish}
    if service.settings.review_checks:
        params["expand"] = ["latest_charge"]  # what the issuer said of the card stands there
    if order.cart is not None:
        exponent = service.policies.minor_units.exponent(order.currency)
        cart, total = json.loads(order.cart), order.amount_minor
        params["amount_details"] = service.policies.breakdown.details(cart, total, order.currency, exponent)
    audit.note(tx, now, order.reference, "attempt", n=n, now=State.SENT)
    intent = record_intent(tx, service, "pay", attempt, params)
    settle(tx, service, order.id)
    return intent


def increment(service: Service, reference: str, minor: int, own: str) -> Verdict | None:
    """Ask the shopper's bank to hold more; None where this very wish was told before: its state answers.

    The total that is sent makes the request safe to repeat, and the key makes it one. Raises Problem.
    """
    with service.store.write() as tx:
        order = need_order(tx, reference)
        known = increments_where(tx, increments.c.order_id == order.id, increments.c.reference == own)
        waiting = [one for one in open_intents(tx, order.id) if one.kind in {"increment", "capture", "void"}]
        if known and known[0].amount_minor != minor:
            raise Problem(409, "reference_taken", "another increment has this reference")
        if known and not (known[0].state == "REQUESTED" and waiting):
            return None
        if known:
            intent = waiting[0]
        else:
            held = _raisable(order, attempts_of(tx, order.id), is_busy=bool(waiting))
            total = record_increment(tx, held, minor, own, service.clock.wall_ms())
            params = {"payment_id": held.provider_id, "amount": to_wire(total, order.currency)}
            intent = record_intent(tx, service, "increment", held, params)
            audit.note(tx, service.clock.wall_ms(), reference, "increment_requested", amount_minor=minor)
    return carry_out(service, intent)


def _raisable(order: Order, tries: Sequence[Attempt], *, is_busy: bool) -> Attempt:
    held = next((one for one in kept_first(tries) if one.state is State.AUTHORIZED), None)
    if held is None or held.provider_id is None or order.is_cancelled:
        raise Problem(409, "nothing_held", f"the order is {order.status}")
    if not order.is_raisable or held.route not in INCREMENT_ROUTES:
        raise Problem(409, "not_raisable", "its hold was not made to be raised")
    if is_busy:
        raise Problem(409, "under_way", "something else is under way with its hold")
    return held


def capture(service: Service, reference: str, minor: int | None) -> Verdict:
    """Capture held money, all or part of it; what is not captured is released."""
    rules = service.policies.capturing
    if rules.ships_first():
        with service.store.write() as tx:
            give(tx, service, need_order(tx, reference), "fulfilment")
    with service.store.write() as tx:
        order = need_order(tx, reference)
        is_over = order.is_cancelled and service.policies.cancelling.ends_capture()
        tries = kept_first(attempts_of(tx, order.id))
        held = next((one for one in tries if rules.may_capture(one.state, is_over=is_over)), None)
        if held is None or held.provider_id is None:
            raise Problem(409, "nothing_to_capture", f"the order is {order.status}")
        asked = rules.amount_minor(minor or held.amount_minor, held.amount_minor)
        if asked > held.amount_minor:
            raise Problem(409, "too_much", "more than was authorized")
        waiting = [found for found in open_intents(tx, order.id) if found.kind == "capture"]
        if minor is None and any(found.kind == "increment" for found in open_intents(tx, order.id)):
            raise Problem(409, "increment_under_way", "nobody knows yet how much is held: say how much")
        if waiting and held.expected_minor != asked:
            raise Problem(409, "capture_under_way", "another capture is under way")
        if waiting:
            intent = waiting[0]
        else:
            tx.execute(update(attempts).where(attempts.c.id == held.id).values(expected_minor=asked))
            sent = to_wire(service.policies.presentment.asked_minor(asked, order), order.currency)
            params = {"payment_id": held.provider_id, "amount_to_capture": sent}
            intent = record_intent(tx, service, "capture", held, params)
            audit.note(tx, service.clock.wall_ms(), reference, "capture_requested", amount_minor=asked)
    return carry_out(service, intent)


def refund(
    service: Service, reference: str, minor: int | None, refund_reference: str | None
) -> Verdict | None:
    """Refund captured money; None where this very refund was asked for before: its state is the answer."""
    with service.store.write() as tx:
        order = need_order(tx, reference)
        given, rules = refunds_where(tx, refunds.c.order_id == order.id), service.policies.refunding
        again = next((found for found in given if found.reference == refund_reference), None)
        if again is not None:
            if minor not in {None, again.amount_minor}:
                raise Problem(409, "reference_taken", "another refund has this reference")
            return None
        if not rules.may_refund(order.status):
            raise Problem(409, "disputed", "the shopper's bank has taken the money back already")
        paid = next((found for found in kept_first(attempts_of(tx, order.id)) if found.captured_minor), None)
        own = [found for found in given if paid is not None and found.attempt_id == paid.id]
        gone = sum(found.amount_minor for found in own if rules.counts(found.state))
        left = _left_to_refund(service, paid, gone)
        asked = left if minor is None else minor
        if paid is None or not 0 < asked <= left:
            raise Problem(409, "too_much", f"{left} minor units are left to refund")
        record_refund(tx, service, order, paid.id, asked, refund_reference or new_token())
        intent = open_intents(tx, order.id)[-1]
        settle(tx, service, order.id)
    return carry_out(service, intent)


def _left_to_refund(service: Service, paid: Attempt | None, gone_minor: int) -> int:
    taken = paid.captured_minor if paid else 0
    return taken - service.policies.order_status.refunded_minor(taken, gone_minor)


def cancel(service: Service, reference: str) -> None:
    """Cancel an order that is not paid: a hold is voided, and money that still arrives is sent back."""
    with service.store.write() as tx:
        order = need_order(tx, reference)
        if any(attempt.captured_minor for attempt in attempts_of(tx, order.id)) and not order.is_cancelled:
            raise Problem(409, "already_paid", "the order is paid; refund it")
        if not order.is_cancelled:
            tx.execute(update(orders).where(orders.c.id == order.id).values(is_cancelled=True))
            audit.note(tx, service.clock.wall_ms(), reference, "cancelled")
        settle(tx, service, order.id)
    carry_out_rest(service, order.id)


def carry_out_rest(service: Service, order_id: int) -> None:
    """Carry out what was planned as a consequence; what fails stays for the next sync."""
    with service.store.read() as tx:
        planned = intents_where(
            tx,
            intents.c.order_id == order_id,
            intents.c.state == "OPEN",
            intents.c.kind.in_(("void", "refund")),
        )
    for intent in planned:
        if not intent.is_doubtful:
            carry_out(service, intent)
