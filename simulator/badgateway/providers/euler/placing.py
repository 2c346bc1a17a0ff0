"""Orders that are there before anybody asks: what a provider state speaks of, made as a merchant makes it."""

from __future__ import annotations

from badgateway.ground.money import decimal_text
from badgateway.payments.commands import CreatePayment
from badgateway.payments.model import Capture, Refusal
from badgateway.providers.base import Account
from badgateway.providers.euler import instruments
from badgateway.providers.euler.errors import Refused
from badgateway.providers.euler.orders import placed
from badgateway.providers.euler.shelf import Order, shelf
from badgateway.providers.euler.txns import attempt


def place(made: CreatePayment, account: Account) -> Refusal | None:
    """Make an order; where the command charges, pay it. Gives why its attempt came to nothing.

    Raises ValueError where there is no such order to be had.
    """
    fields = {
        "order_id": made.id,
        "amount": decimal_text(made.amount_minor, made.currency),
        "currency": made.currency,
        "udf1": made.order_ref,
        "metadata.txns.auto_capture": "false" if made.capture is Capture.MANUAL else "true",
    }
    try:
        order, _ = placed(fields, account)
    except Refused as refused:
        raise ValueError(refused.problem.message) from refused
    return _paid(order, made.method, account) if made.charge else None


def pay_again(order_id: str, method: str, account: Account) -> Refusal | None:
    """Pay an order by one more attempt; raises ValueError where it takes none."""
    order = shelf(account).order(order_id)
    if order is None:
        raise ValueError(f"there is no order {order_id!r}")
    return _paid(order, method, account)


def _paid(order: Order, method: str | None, account: Account) -> Refusal | None:
    instrument = instruments.read({"card_token": method}, account.ids.make("instrument", 16))
    if instrument is None:
        raise ValueError(f"there is no card {method!r}")
    try:
        _, result = attempt(order, instrument, account)
    except Refused as refused:
        raise ValueError(refused.problem.message) from refused
    # A decline leaves its trace: it is what such a state asks for.
    return None if result.is_applied else result.refusal
