"""Opening an order, and the view of one: everything that this integration says about it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import Connection, insert, select

from badgateway.reference import audit
from badgateway.reference.increments import increments_where
from badgateway.reference.money import NotAnAmount
from badgateway.reference.order_request import check_total
from badgateway.reference.records import (
    Order,
    attempts_of,
    attempts_where,
    disputes_where,
    find_order,
    get_order,
    refunds_where,
)
from badgateway.reference.service import Problem, Service
from badgateway.reference.settings import Merchant
from badgateway.reference.states import REFUND_SHOWN, State
from badgateway.reference.tables import attempts, disputes, effects, increments, orders, refunds

_COUNTERS = {"fulfilment": "fulfilments", "receipt": "receipts"}


def open_order(service: Service, wanted: dict[str, Any]) -> tuple[Order, bool]:
    """Open an order; the same request again gives the same order. Says whether it is new."""
    currency, cart = wanted["currency"], wanted.get("cart")
    minor = read_amount(service, wanted["amount"], currency)
    check_total(service, cart, minor, currency)
    base = wanted.get("base_currency") or currency
    merchant, now = need_merchant(service, wanted.get("merchant")), service.clock.wall_ms()
    capture = wanted.get("capture") or merchant.capture or "automatic"
    check_terms(merchant, currency, capture)
    values = {
        "merchant": merchant.name,
        "reference": wanted["reference"],
        "amount_minor": minor,
        "currency": wanted["currency"],
        "capture": capture,
        "base_currency": base,
        "base_minor": read_amount(service, wanted.get("base_amount") or wanted["amount"], base),
        "cart": json.dumps(cart) if cart is not None else None,
        "is_raisable": wanted.get("increments") is True,
        "shopper_name": wanted["shopper"]["name"],
        "shopper_email": wanted["shopper"]["email"],
        "status": "UNPAID",
        "is_cancelled": False,
        "created_ms": now,
        "updated_ms": now,
    }
    with service.store.write() as tx:
        known = find_order(tx, wanted["reference"])
        if known is not None:
            if all(
                getattr(known, key) == values[key]
                for key in ("merchant", "amount_minor", "currency", "capture")
            ):
                return known, False
            raise Problem(409, "reference_taken", "another order has this reference")
        made = tx.execute(insert(orders).values(values)).inserted_primary_key
        assert made is not None
        audit.note(tx, now, wanted["reference"], "opened", amount_minor=minor, currency=wanted["currency"])
        return get_order(tx, made[0]), True


def check_terms(merchant: Merchant, currency: str, capture: str) -> None:
    """Refuse an order that its merchant does not take; raises Problem 422."""
    if merchant.currencies and currency not in merchant.currencies:
        raise Problem(422, "currency_not_taken", f"merchant {merchant.name} does not take {currency}")
    if merchant.capture and capture != merchant.capture:
        what = f"merchant {merchant.name} has all its money taken with capture: {merchant.capture}"
        raise Problem(422, "capture_not_offered", what)


def read_amount(service: Service, text: str, currency: str) -> int:
    """Turn an amount of a request into minor units; raises Problem 422."""
    try:
        return service.policies.minor_units.to_minor(text, currency)
    except NotAnAmount as problem:
        raise Problem(422, "bad_amount", str(problem)) from None


def need_merchant(service: Service, name: str | None, route: str = "") -> Merchant:
    """Find a merchant with its account at a provider, without a name the usual one; raises Problem 404."""
    settings = service.settings.at(route)
    if name is None:
        return settings.merchant
    known = settings.merchants.get(name)
    if known is None:
        raise Problem(404, "no_such_merchant", "no merchant has this name")
    return known


def acting_for(service: Service, order_id: int, attempt_id: int | None = None) -> Service:
    """Give the service with the account of the merchant whose order it is; not inside a transaction.

    It speaks to the provider of the attempt, where one is named.
    """
    with service.store.read() as tx:
        merchant = get_order(tx, order_id).merchant
        found = attempts_where(tx, attempts.c.id == attempt_id) if attempt_id is not None else []
    return service.of(merchant, found[0].route if found else "")


def need_order(tx: Connection, reference: str) -> Order:
    """Find an order or raise Problem 404."""
    order = find_order(tx, reference)
    if order is None:
        raise Problem(404, "no_such_order", "no order has this reference")
    return order


def view(service: Service, reference: str) -> dict[str, Any]:
    """Give what is known of an order; raises Problem 404."""
    with service.store.read() as tx:
        order = need_order(tx, reference)
        tries = attempts_of(tx, order.id)
        given = refunds_where(tx, refunds.c.order_id == order.id)
        told = disputes_where(tx, disputes.c.order_id == order.id)
        raised = increments_where(tx, increments.c.order_id == order.id)
        kinds = Counter(tx.execute(select(effects.c.kind).where(effects.c.order_id == order.id)).scalars())
        changes = audit.changes_of(tx, reference)
        paid = sum(attempt.captured_minor for attempt in tries if attempt.currency == order.currency)
        paid = service.policies.as_of.paid_minor(tx, order.id, paid)
    refunded = sum(refund.amount_minor for refund in given if refund.state in REFUND_SHOWN)

    def money(name: str, minor: int) -> dict[str, Any]:
        text = service.policies.minor_units.to_text(minor, order.currency)
        return {name: text, f"{name}_minor": minor}

    return {
        "reference": order.reference,
        "status": order.status,
        "currency": order.currency,
        "capture": order.capture,
        **money("amount", order.amount_minor),
        **money("paid", paid),
        **money("refunded", service.policies.order_status.refunded_minor(paid, refunded)),
        "redirect_url": next((t.redirect_url for t in reversed(tries) if t.state is State.ACTION), None),
        "failure_code": tries[-1].failure_code if tries else None,
        "provider_payment_ids": [t.gateway_id or t.provider_id for t in tries if t.provider_id],
        "attempts": [
            {"n": t.n, "state": t.state, "provider_id": t.provider_id, "captured_minor": t.captured_minor}
            for t in tries
        ],
        "increments": [
            {"reference": i.reference, "state": i.state, "amount_minor": i.amount_minor} for i in raised
        ],
        "refunds": [
            {
                "reference": r.reference,
                "state": r.state,
                "amount_minor": r.amount_minor,
                "provider_id": r.provider_id,
            }
            for r in given
        ],
        "disputes": [
            {"provider_id": d.provider_id, "state": d.state, "amount_minor": d.amount_minor} for d in told
        ],
        "effects": {plural: kinds[kind] for kind, plural in _COUNTERS.items()},
        "changes": changes,
    }
