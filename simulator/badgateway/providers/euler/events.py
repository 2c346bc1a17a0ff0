"""Which webhooks a happening makes, each with the order as it stood then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from badgateway.ground.records import changed
from badgateway.payments.model import Happening, Payment, Status
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.euler.acquirer import Standing
from badgateway.providers.euler.gateway import standing_of
from badgateway.providers.euler.hearing import heard
from badgateway.providers.euler.instruments import Instrument
from badgateway.providers.euler.orders import texts_of
from badgateway.providers.euler.render import order_shown
from badgateway.providers.euler.resolving import resolved
from badgateway.providers.euler.shelf import Order, Txn, acquirer_of, shelf, uuid_of
from badgateway.providers.euler.units import date_text

# Neutral name -> the words that tell it, the primary one last.
TOLD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "payment.authorized": ("ORDER_AUTHORIZED",),
        "payment.succeeded": ("TXN_CHARGED", "ORDER_SUCCEEDED"),
        "payment.failed": ("TXN_FAILED", "ORDER_FAILED"),
        "payment.voided": ("ORDER_VOIDED",),
        "payment.expired": ("ORDER_VOIDED",),
        "capture.failed": ("ORDER_CAPTURE_FAILED",),
        "refund.succeeded": ("ORDER_REFUNDED",),
        "refund.failed": ("ORDER_REFUND_FAILED",),
        "dispute.opened": ("CHARGEBACK_RECEIVED",),
        "dispute.won": ("CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR",),
        "dispute.lost": ("CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR",),
    }
)
_ONLY_SIBLINGS = {"payment.created": "TXN_CREATED", "refund.created": "REFUND_INITIATED"}
_PAID = frozenset({"payment.authorized", "payment.succeeded"})
_AUTOMATIC = {"refund.succeeded": "AUTO_REFUND_SUCCEEDED", "refund.failed": "AUTO_REFUND_FAILED"}


def render_events(
    happening: Happening, account: Account, told_by: Account | None = None
) -> tuple[WireEvent, ...]:
    """Give the webhooks of a happening; only one of them is the primary one.

    `told_by`: the account at the gateway behind this one in whose book it happened.
    """
    if told_by is not None:
        found = heard(happening, account, told_by)
        if found is None:
            return ()
        order, txn, standing = found
    else:
        order, txn = _order_of(happening.payment, account)
        standing = standing_of(happening.payment, account, happening.refund, happening.dispute)
    txn.standing = standing
    shown = order_shown(order, account, standing)
    facts = tuple(entry.seq for entry in happening.ledger)
    return tuple(
        changed(
            wire_event(word, order, shown, account, happening.at_ms),
            name=name,
            payment_id=happening.payment.id,
            order_ref=happening.payment.order_ref,
            tells=happening.payment.status.value,
            facts=facts,
            cause=happening.cause,
        )
        for name, word in _words(happening, order, txn, shown)
    )


def news(account: Account) -> tuple[WireEvent, ...]:
    """Give what is told of new orders and of attempts that were unknown; give back what is double."""
    kept = shelf(account)
    fresh, kept.fresh = kept.fresh, []
    told = [_created(order, account) for order in fresh]
    for name, order, txn in resolved(account):
        told += _resolved(name, order, txn, account)
    for order in kept.watched.values():
        _give_back(order, account)
    return tuple(told)


def _created(order: Order, account: Account) -> WireEvent:
    shown = order_shown(replace(order, txns=[]), account)
    event = wire_event("ORDER_CREATED", order, shown, account, order.created_ms)
    return changed(event, order_ref=texts_of(order), cause=account.cause)


def _resolved(name: str, order: Order, txn: Txn, account: Account) -> list[WireEvent]:
    shown, now_ms = order_shown(order, account), account.clock.now_ms()
    if txn is not order.txns[-1]:
        # It had been given up: its transaction is told, of its order there is no news.
        word = "TXN_FAILED" if name == "payment.failed" else "TXN_CHARGED"
        is_news = name != "payment.authorized"
        told = changed(wire_event(word, order, shown, account, now_ms), order_ref=texts_of(order))
        return [changed(told, payment_id=txn.reference, cause=account.cause)] if is_news else []
    return [
        changed(
            wire_event(word, order, shown, account, now_ms),
            name=name if word == TOLD[name][-1] else None,
            payment_id=txn.reference,
            order_ref=texts_of(order),
            cause=account.cause,
        )
        for word in TOLD[name]
    ]


def wire_event(word: str, order: Order, shown: Mapping[str, Any], account: Account, at_ms: int) -> WireEvent:
    """Give one webhook about an order, of which nothing else is known."""
    made = f"evt_{account.ids.make('event', 32).lower()}"
    body = {"id": made, "event_name": word, "date_created": date_text(at_ms), "content": {"order": shown}}
    return WireEvent(made, None, word, to_bytes(body), None, order.order_id)


def retell(event: WireEvent, account: Account) -> WireEvent:
    """Make another event of the same fact: another id, the same content."""
    made = f"evt_{account.ids.make('event', 32).lower()}"
    body = {**json.loads(event.body), "id": made}
    return changed(event, id=made, body=to_bytes(body), retells=event.id)


def to_bytes(shown: Any) -> bytes:
    """Give an object as it travels."""
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False).encode()


def _words(
    happening: Happening, order: Order, txn: Txn, shown: Mapping[str, Any]
) -> list[tuple[str | None, str]]:
    name = happening.name
    if name in _ONLY_SIBLINGS:
        is_automatic = name == "refund.created" and txn.is_given_back
        return [(None, "AUTO_REFUND_INITIATED" if is_automatic else _ONLY_SIBLINGS[name])]
    told = TOLD.get(name, ())
    if txn.is_given_back and name in _AUTOMATIC:
        told = (_AUTOMATIC[name],)
    if name == "payment.succeeded" and shown["status"] == "PARTIAL_CHARGED":
        told = ("TXN_CHARGED", "ORDER_PARTIAL_CHARGED")
    if name in _PAID and any(_is_paid(one) for one in order.txns if one is not txn):
        # An attempt that had been given up: its transaction is told, of its order there is no news.
        told = ("TXN_CHARGED",) if name == "payment.succeeded" else ()
    if name == "payment.failed" and txn is not order.txns[-1]:
        return [(None, "TXN_FAILED")]  # another gateway was asked already: the order goes on
    if happening.dispute is not None and happening.dispute.is_inquiry:
        told = ("CHARGEBACK_EVIDENCE_REQUIRED" if name == "dispute.opened" else "CHARGEBACK_CANCELED",)
    if not told:
        return []
    return [*((None, word) for word in told[:-1]), (name, told[-1])]


def _is_paid(txn: Txn) -> bool:
    standing = txn.standing
    return standing is not None and bool(
        standing.held_minor or standing.captured_minor > standing.refunded_minor
    )


def _order_of(payment: Payment, account: Account) -> tuple[Order, Txn]:
    """Give the order of a payment; one that came to the account in another way gets one of its own."""
    kept = shelf(account)
    known = kept.by_reference(payment.id)
    if known is not None:
        return known
    noted = payment.details.get("metadata")
    noted = noted if isinstance(noted, Mapping) else {}
    reference = str(noted.get("order") or noted.get("order_id") or "")
    order_id = f"X{account.ids.make('order elsewhere', 18)}"
    txn = Txn(
        n=1,
        uuid=uuid_of(order_id, 1),
        amount_minor=payment.amount_minor,
        instrument=Instrument("", "approved"),
        created_ms=payment.created_ms,
        token=account.ids.make("page", 24),
        standing=standing_of(payment, account),
    )
    order = Order(
        order_id,
        f"ordeh_{account.ids.make('order', 32).lower()}",
        payment.amount_minor,
        payment.currency,
        MappingProxyType({"udf1": reference}),
        payment.created_ms,
        txns=[txn],
    )
    kept.orders[order_id.lower()] = order
    return order, txn


def _give_back(order: Order, account: Account) -> None:
    """Give money back that came although the order had been paid: a shopper may finish an older attempt."""
    if len(order.txns) < 2:
        return
    acquirer, is_paid = acquirer_of(account), False
    for txn in sorted(order.txns, key=lambda one: -one.n):
        standing = _newest(txn, account)
        if standing is None or not (standing.captured_minor or standing.held_minor):
            continue
        if txn.is_given_back or standing.under_way:
            continue
        if not is_paid:
            is_paid = True
            continue
        assert standing.reference is not None, "who holds money has a reference"
        # Until the gateway has taken it in, it is asked again each time that something happens.
        if standing.status is Status.AUTHORIZED:
            txn.is_given_back = acquirer.void(standing.reference).is_applied
        elif standing.captured_minor > standing.refunded_minor:
            owed = standing.captured_minor - standing.refunded_minor
            txn.is_given_back = acquirer.refund(standing.reference, None, owed).is_applied
        else:
            txn.is_given_back = True


def _newest(txn: Txn, account: Account) -> Standing | None:
    return acquirer_of(account).fetch(txn.handle) if txn.handle is not None else txn.standing
