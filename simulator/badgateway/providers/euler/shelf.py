"""What an account keeps: orders with their transactions, and the instruments that these were made with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.euler.acquirer import Acquirer, Standing
from badgateway.providers.euler.behind import BEHIND, Behind
from badgateway.providers.euler.gateway import OwnGateway
from badgateway.providers.euler.instruments import Instrument
from badgateway.providers.euler.psps import Psps

_UUID = re.compile(r"eul([0-9]{1,4})z([A-Za-z0-9_-]{1,40})")


@dataclass(slots=True)
class Txn:
    """One attempt to pay an order: where it went, and what was last heard of it."""

    n: int  # from 1 within its order
    uuid: str
    amount_minor: int
    instrument: Instrument
    created_ms: int
    token: str  # of the shopper's page
    standing: Standing | None = None  # None: nothing was heard yet
    capture_keys: set[str] = field(default_factory=set)  # idempotence_keys of captures that were done
    is_given_back: bool = False  # it was paid although the order had been paid already

    @property
    def reference(self) -> str | None:
        """Give the gateway's reference of it; None while there is none."""
        return self.standing.reference if self.standing is not None else None

    @property
    def handle(self) -> str | None:
        """Give by what its gateway is asked after it: its reference, or while there is none, our own name."""
        return self.reference or (self.standing.asked_as if self.standing is not None else None)


@dataclass(slots=True)
class Order:
    """One order of the merchant, with all attempts to pay it, oldest first."""

    order_id: str
    id: str
    amount_minor: int
    currency: str
    kept: Mapping[str, Any]  # what the merchant has told of it beside: customer, return_url, udf1 ...
    created_ms: int
    is_manual: bool = False
    txns: list[Txn] = field(default_factory=list)


@dataclass(slots=True)
class Shelf:
    """The objects of one account."""

    orders: dict[str, Order] = field(default_factory=dict)  # order_id in small letters -> order
    instruments: dict[str, Instrument] = field(default_factory=dict)
    home: str = "https://sandbox.juspay.in"  # where the pages for shoppers are
    fresh: list[Order] = field(default_factory=list)  # made, and not told yet
    # Orders with an attempt of which nobody knew, or with several: something may come of them unasked.
    watched: dict[str, Order] = field(default_factory=dict)

    def order(self, order_id: str) -> Order | None:
        """Find an order; an order_id is the same in capital and in small letters."""
        return self.orders.get(order_id.lower())

    def txn(self, uuid: str) -> tuple[Order, Txn] | None:
        """Find a transaction with its order."""
        found = _UUID.fullmatch(uuid)
        order = self.order(found[2]) if found else None
        n = int(found[1]) if found else 0
        return (order, order.txns[n - 1]) if order is not None and 0 < n <= len(order.txns) else None

    def by_reference(self, reference: str) -> tuple[Order, Txn] | None:
        """Find a transaction by its gateway's reference."""
        order = self.order(reference.partition(".")[0])
        known = [order] if order is not None else list(self.orders.values())
        return next(((one, txn) for one in known for txn in one.txns if txn.reference == reference), None)

    def by_page(self, kind: str, wanted: str) -> tuple[Order, Txn | None] | None:
        """Find what a shopper's page is about: an order by its own id, a transaction by its token."""
        for order in self.orders.values():
            if kind == "order" and order.id == wanted:
                return order, None
            for txn in order.txns:
                if kind == "txn" and txn.token == wanted:
                    return order, txn
        return None


def shelf(account: Account) -> Shelf:
    """Give the account's shelf, which is made when it is first asked for."""
    found = account.shelf.get("euler")
    if found is None:
        found = account.shelf["euler"] = Shelf()
    assert isinstance(found, Shelf)
    return found


def acquirer_of(account: Account) -> Acquirer:
    """Give what stands behind an account."""
    behind = behind_of(account)
    if behind is not None:
        return Psps(account, behind)
    return OwnGateway(account, shelf(account).instruments)


def behind_of(account: Account) -> Behind | None:
    """Give the gateways behind an account; None: it moves its money itself."""
    found = account.shelf.get(BEHIND)
    assert found is None or isinstance(found, Behind)
    return found


def uuid_of(order_id: str, n: int) -> str:
    """Give the txn_uuid of an attempt; it holds the order's id, so that it can be told whose it is."""
    return f"eul{n}z{order_id}"


def order_id_in(uuid: str) -> tuple[str, int] | None:
    """Give the order_id and the number of the attempt that a txn_uuid holds; None: it is none."""
    found = _UUID.fullmatch(uuid)
    return (found[2], int(found[1])) if found else None


def merchant_id(api_key: str) -> str:
    """Give the name of the merchant that an API key is for."""
    return f"badgateway{hashlib.sha256(api_key.encode()).hexdigest()[:8]}"


def response_key(api_key: str) -> str:
    """Give the key with which the address that a shopper comes back to is signed."""
    return hashlib.sha256(f"response key of {api_key}".encode()).hexdigest()[:32].upper()
