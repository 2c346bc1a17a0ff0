"""Attempts whose outcome nobody knew: asked after at their gateways, and told once it is known."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.payments.model import Status
from badgateway.providers.base import Account
from badgateway.providers.euler.acquirer import APPROVED, DECLINED, UNKNOWN, Standing
from badgateway.providers.euler.shelf import Order, Txn, acquirer_of, shelf


def resolved(account: Account) -> Iterator[tuple[str, Order, Txn]]:
    """Give each attempt that is unknown no longer, with the neutral name of what became of it.

    One that its gateway has never heard of stays as it is: the answer may still be on its way.
    """
    acquirer = acquirer_of(account)
    for order in shelf(account).watched.values():
        for txn in order.txns:
            last = txn.standing
            if last is None or last.outcome != UNKNOWN or txn.handle is None:
                continue
            found = acquirer.fetch(txn.handle)
            if found is None or found.outcome == UNKNOWN:
                continue
            txn.standing = found
            name = _name(found)
            if name is not None:
                yield name, order, txn


def _name(standing: Standing) -> str | None:
    if standing.outcome == DECLINED:
        return "payment.failed"
    if standing.outcome != APPROVED:
        return None
    return "payment.authorized" if standing.status is Status.AUTHORIZED else "payment.succeeded"
