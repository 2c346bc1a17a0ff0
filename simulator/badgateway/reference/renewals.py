"""Renewing an order while its shopper is away, and charging again what has failed softly."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from badgateway.reference import audit
from badgateway.reference.calls import Verdict, carry_out
from badgateway.reference.operations import start_attempt
from badgateway.reference.orders import need_order, read_amount
from badgateway.reference.records import Attempt, Intent, Order, attempts_of, find_order, get_order
from badgateway.reference.service import Problem, Service
from badgateway.reference.states import OPEN, State
from badgateway.reference.tables import orders, renewals
from badgateway.reference.wallet import find_wallet

_ROWS_MAX = 500


def renew(service: Service, first: str, reference: str, amount: str, now_ms: int | None) -> Verdict | None:
    """Charge the kept payment method for one period; None where that was done: the order is the answer.

    `reference` names the period, and becomes its order's. Raises Problem where nothing can be charged.
    """
    with service.store.write() as tx:
        order, renewed = need_order(tx, first), find_order(tx, reference)
        minor = read_amount(service, amount, order.currency)
        if renewed is None:
            renewed = _open_period(tx, service, order, reference, minor)
        elif _first_of(tx, renewed) != order.id or renewed.amount_minor != minor:
            raise Problem(409, "reference_taken", "another order has this reference")
        if not service.policies.renewing.charges(attempts_of(tx, renewed.id)):
            return None
        intent = _charge(tx, service, renewed, order.id)
    verdict = carry_out(service, intent)
    with service.store.write() as tx:
        _plan(tx, service, _row(tx, renewed.id), _clock(service, now_ms))
    return verdict


def dun(service: Service, order_id: int | None, now_ms: int | None) -> int:
    """Charge the renewals again that are due by the scheduler's clock; gives how many were charged."""
    now = _clock(service, now_ms)
    with service.store.read() as tx:
        found = select(renewals).where(renewals.c.state == "OPEN").limit(_ROWS_MAX)
        rows = tx.execute(found if order_id is None else found.where(renewals.c.order_id == order_id)).all()
    charged = 0
    for row in rows:
        with service.store.write() as tx:
            current = _plan(tx, service, _row(tx, row.order_id), now)
            is_due = current.state == "OPEN" and current.next_ms is not None and current.next_ms <= now
            order = get_order(tx, row.order_id)
            intent = _charge(tx, service, order, row.first_id) if is_due else None
        if intent is not None:
            carry_out(service, intent)
            charged += 1
            with service.store.write() as tx:
                _plan(tx, service, _row(tx, row.order_id), now)
    return charged


def _open_period(tx: Connection, service: Service, order: Order, reference: str, minor: int) -> Order:
    wallet, now = find_wallet(tx, order.id), service.clock.wall_ms()
    if wallet is None or wallet.method_id is None or order.is_cancelled:
        raise Problem(409, "not_renewable", "no payment method may be charged for this order again")
    values = {
        "merchant": order.merchant,
        "reference": reference,
        "amount_minor": minor,
        "currency": order.currency,
        "capture": "automatic",
        "base_currency": order.base_currency,
        "base_minor": order.base_minor * minor // order.amount_minor,
        "shopper_name": order.shopper_name,
        "shopper_email": order.shopper_email,
        "status": "UNPAID",
        "is_cancelled": False,
        "created_ms": now,
        "updated_ms": now,
    }
    made = tx.execute(insert(orders).values(values)).inserted_primary_key
    assert made is not None
    tx.execute(insert(renewals).values(order_id=made[0], first_id=order.id, state="OPEN"))
    audit.note(tx, now, reference, "renewed", first=order.reference, amount_minor=minor)
    return get_order(tx, made[0])


def _charge(tx: Connection, service: Service, order: Order, first_id: int) -> Intent:
    wallet = find_wallet(tx, first_id)
    assert wallet is not None, "a period is opened for what was kept only"
    tx.execute(update(renewals).where(renewals.c.order_id == order.id).values(next_ms=None))
    away = {"customer": wallet.customer_id, "off_session": True}
    slot = service.policies.renewing.slot(order.id)
    return start_attempt(tx, service, order, str(wallet.method_id), slot, away)


def _plan(tx: Connection, service: Service, row: Row[Any], now_ms: int) -> Row[Any]:
    """Decide when a period is charged again, where that is open; gives the row as it is then."""
    order, tries = get_order(tx, row.order_id), attempts_of(tx, row.order_id)
    if row.state != "OPEN" or any(one.state in OPEN for one in tries):
        return row
    if order.is_cancelled or any(one.state is not State.FAILED for one in tries):
        return _note(tx, row, state="DONE", next_ms=None)
    if not tries or row.next_ms is not None:
        return row
    next_ms = _next_ms(service, tries, now_ms)
    audit.note(tx, service.clock.wall_ms(), order.reference, "dunning", next_ms=next_ms, failures=len(tries))
    return _note(tx, row, state="OPEN" if next_ms is not None else "GIVEN_UP", next_ms=next_ms)


def _next_ms(service: Service, tries: list[Attempt], now_ms: int) -> int | None:
    last = tries[-1]
    return service.policies.dunning.next_ms(last.failure_code, last.advice, len(tries), now_ms)


def _note(tx: Connection, row: Row[Any], **values: object) -> Row[Any]:
    tx.execute(update(renewals).where(renewals.c.id == row.id).values(**values))
    return _row(tx, row.order_id)


def _row(tx: Connection, order_id: int) -> Row[Any]:
    return tx.execute(select(renewals).where(renewals.c.order_id == order_id)).one()


def _first_of(tx: Connection, order: Order) -> int | None:
    return tx.execute(select(renewals.c.first_id).where(renewals.c.order_id == order.id)).scalar()


def _clock(service: Service, now_ms: int | None) -> int:
    """Give what counts as now: the scheduler's word where it gives one, so that all its runs agree."""
    return service.clock.wall_ms() if now_ms is None else now_ms
