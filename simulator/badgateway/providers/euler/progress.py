"""From how attempts stand at their gateways to the status of each, and of their order."""

from __future__ import annotations

from collections.abc import Iterable

from badgateway.payments.model import Status
from badgateway.providers.euler.acquirer import APPROVED, DECLINED, PENDING, Standing
from badgateway.providers.euler.shelf import Order, Txn
from badgateway.providers.euler.statuses import rank


def txn_status(txn: Txn, standing: Standing | None) -> str:
    """Give the status of one attempt; None: its gateway has not heard of it yet.

    What a gateway has left open is open here: nobody may take a lost answer for a failure.
    """
    if standing is None or (standing.status is Status.NEW and standing.outcome == PENDING):
        return "STARTED"
    if standing.outcome == DECLINED:
        is_shoppers = standing.failure is not None and standing.failure.code == "authentication_failed"
        return "AUTHENTICATION_FAILED" if is_shoppers else "AUTHORIZATION_FAILED"
    if standing.outcome != APPROVED:
        is_asking = standing.outcome == PENDING and standing.asks_shopper
        return "PENDING_VBV" if is_asking else "AUTHORIZING"
    if txn.is_given_back:
        return "AUTO_REFUNDED"
    return _approved(standing)


def _approved(standing: Standing) -> str:
    ends = (
        (standing.under_way == "capture", "CAPTURE_INITIATED"),
        (standing.under_way == "void", "VOID_INITIATED"),
        (standing.is_reversed and not standing.captured_minor, "CAPTURE_FAILED"),
        (standing.status is Status.AUTHORIZED, "AUTHORIZED"),
        (standing.captured_minor > 0, "CHARGED"),
    )
    return next((word for is_so, word in ends if is_so), "VOIDED")


def leading(seen: Iterable[tuple[Txn, Standing | None]]) -> tuple[Txn, Standing | None] | None:
    """Give the attempt that speaks for an order: the one that got furthest, of several the latest."""
    tried = list(seen)
    return max(tried, key=lambda one: (rank(txn_status(*one)), one[0].n), default=None)


def order_status(order: Order, leader: tuple[Txn, Standing | None] | None) -> str:
    """Give the status of an order whose leading attempt is this one; None: there was no attempt."""
    if leader is None:
        return "NEW"
    word, standing = txn_status(*leader), leader[1]
    if word != "CHARGED" or standing is None or standing.currency != order.currency:
        return word
    return "PARTIAL_CHARGED" if standing.captured_minor < order.amount_minor else word
