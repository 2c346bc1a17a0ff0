"""Payment methods that shoppers agreed to be charged with again: whose they are, and which they are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from badgateway.reference.orders import acting_for
from badgateway.reference.provider import CallFailed
from badgateway.reference.records import Attempt, Order
from badgateway.reference.seen import PaymentSeen
from badgateway.reference.service import Problem, Service
from badgateway.reference.states import State
from badgateway.reference.tables import wallets

_PAID = {State.SUCCEEDED, State.AUTHORIZED, State.PROCESSING}


@dataclass(frozen=True, slots=True)
class Wallet:
    """The provider's customer of an order, and the payment method that may be charged again."""

    customer_id: str
    method_id: str | None


def find_wallet(tx: Connection, order_id: int) -> Wallet | None:
    """Find what was kept with an order."""
    found = select(wallets.c.customer_id, wallets.c.method_id).where(wallets.c.order_id == order_id)
    row = tx.execute(found).first()
    return Wallet(*row) if row else None


def open_wallet(service: Service, order: Order) -> None:
    """Make the shopper a customer at the provider, once for an order; raises Problem 422 or 503."""
    with service.store.read() as tx:
        if find_wallet(tx, order.id) is not None:
            return
    acting = acting_for(service, order.id)
    shopper = {"name": order.shopper_name, "email": order.shopper_email}
    try:
        customer_id = acting.provider.customer(shopper, order.reference)
    except CallFailed as problem:
        service.log("customer_not_made", order=order.reference, code=problem.code, said=problem.said)
        if problem.proves == "refused":
            raise Problem(422, "not_kept", "the provider refuses to keep the payment method") from None
        raise Problem(503, "try_again", "the payment method cannot be kept now, try again") from None
    with service.store.write() as tx:
        if find_wallet(tx, order.id) is None:
            tx.execute(insert(wallets).values(order_id=order.id, customer_id=customer_id))


def keep_method(tx: Connection, attempt: Attempt, seen: PaymentSeen) -> None:
    """Remember the method with which an order was paid, where its shopper has agreed to that."""
    if seen.method_id is not None and attempt.state in _PAID:
        of_order = wallets.c.order_id == attempt.order_id
        tx.execute(update(wallets).where(of_order).values(method_id=seen.method_id))
