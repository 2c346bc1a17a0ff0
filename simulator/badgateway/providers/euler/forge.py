"""Webhooks that never happened, as an attacker would write them; and genuine ones about strangers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from badgateway.ground.records import changed
from badgateway.payments.decisions import failure
from badgateway.payments.model import Status
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.euler.acquirer import APPROVED, DECLINED, PENDING, Disputed, Returned, Standing
from badgateway.providers.euler.events import TOLD, wire_event
from badgateway.providers.euler.gateway import NAME
from badgateway.providers.euler.instruments import Instrument
from badgateway.providers.euler.orders import texts_of
from badgateway.providers.euler.render import order_shown
from badgateway.providers.euler.shelf import Order, Txn, shelf, uuid_of

# Neutral name -> what such a story says of the outcome, and in which status it leaves the payment.
_STORIES: Mapping[str, tuple[str, Status]] = MappingProxyType(
    {
        "payment.pending": (PENDING, Status.PENDING),
        "payment.authorized": (APPROVED, Status.AUTHORIZED),
        "payment.failed": (DECLINED, Status.NEW),
        "payment.voided": (APPROVED, Status.VOIDED),
        "payment.expired": (APPROVED, Status.EXPIRED),
        "capture.failed": (APPROVED, Status.NEW),
    }
)
_PAID = (APPROVED, Status.SUCCEEDED)


def forge(name: str, order_ref: str, amount_minor: int, currency: str, account: Account) -> WireEvent:
    """Make the primary event of a name about the order's own order, or about one that does not exist."""
    told = name if name in TOLD else "payment.succeeded"
    known = next(
        (one for one in reversed(shelf(account).orders.values()) if order_ref in texts_of(one)), None
    )
    order = (
        known if known is not None and known.txns else _made_up(order_ref, amount_minor, currency, account)
    )
    standing = _pretended(told, order, account)
    pretended = replace(order, txns=[replace(order.txns[-1], standing=standing)])
    event = _event(TOLD[told][-1], pretended, standing, account)
    status = standing.status.value if standing.status is not None else None
    return changed(event, name=told, payment_id=standing.reference, order_ref=order_ref, tells=status)


def stranger(wire_type: str, account: Account) -> WireEvent:
    """Make a genuine event of any type about an order that nobody of this story has ever named."""
    order = _made_up(account.ids.make("stranger", 12), 1000, "EUR", account)
    name = next((name for name, words in TOLD.items() if wire_type in words), "payment.succeeded")
    standing = _pretended(name, order, account)
    order.txns[0].standing = standing
    return changed(_event(wire_type, order, standing, account), order_ref=None)


def _event(word: str, order: Order, standing: Standing, account: Account) -> WireEvent:
    shown = order_shown(order, account, standing)
    return wire_event(word, order, shown, account, account.clock.now_ms())


def _pretended(name: str, order: Order, account: Account) -> Standing:
    outcome, status = _STORIES.get(name, _PAID)
    is_paid, now_ms, whole = status is Status.SUCCEEDED, account.clock.now_ms(), order.amount_minor
    is_back = name == "refund.succeeded"
    dispute = name.removeprefix("dispute.").replace("opened", "open") if name.startswith("dispute.") else None
    made = f"rfd{account.ids.make('forged refund', 17)}"
    word = "succeeded" if is_back else "failed"
    return Standing(
        outcome,
        NAME,
        order.txns[-1].reference or order.order_id,
        status,
        approved_minor=whole if outcome == APPROVED else 0,
        held_minor=whole if status is Status.AUTHORIZED else 0,
        captured_minor=whole if is_paid else 0,
        refunded_minor=whole if is_back else 0,
        currency=order.currency,
        failure=failure("capture_failed" if name == "capture.failed" else "declined")
        if status is Status.NEW
        else None,
        is_reversed=name == "capture.failed",
        refunds=(Returned(made, None, whole, word, now_ms),) if name.startswith("refund.") else (),
        disputes=(Disputed(f"du_{made}", whole, dispute, "fraudulent", now_ms),) if dispute else (),
    )


def _made_up(order_ref: str, amount_minor: int, currency: str, account: Account) -> Order:
    order_id = f"F{account.ids.make('forged order', 18)}"
    now_ms = account.clock.now_ms()
    txn = Txn(1, uuid_of(order_id, 1), amount_minor, Instrument("", "approved"), now_ms, "")
    kept = MappingProxyType({"udf1": order_ref, "udf2": "1"})
    made = f"ordeh_{account.ids.make('order', 32).lower()}"
    return Order(order_id, made, amount_minor, currency, kept, now_ms, txns=[txn])
