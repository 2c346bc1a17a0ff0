"""Captures and voids of one transaction, by its txn_uuid."""

from __future__ import annotations

from badgateway.providers.euler.acquirer import UNAVAILABLE, Result
from badgateway.providers.euler.call import Call, Done
from badgateway.providers.euler.errors import Refused, refused, trouble
from badgateway.providers.euler.progress import txn_status
from badgateway.providers.euler.reading import amount_of, text_of, txn_of
from badgateway.providers.euler.render import look, txn_shown
from badgateway.providers.euler.shelf import Order, Txn, acquirer_of
from badgateway.providers.euler.txns import answered

_VOIDABLE = {"AUTHORIZED", "PENDING_VBV", "VBV_SUCCESSFUL"}


def capture(call: Call) -> Done:
    """Take held money, all or a part of it; the rest is released."""
    order, txn = txn_of(call)
    minor = amount_of(call.fields, order.currency)
    key = text_of(call.fields, "idempotence_key")
    if key is not None and key in txn.capture_keys:
        return Done(txn_shown(order, txn, call.account), look(txn, call.account))
    reference = _reference(call, order, txn, {"AUTHORIZED"})
    done = _answer(call, order, txn, acquirer_of(call.account).capture(reference, minor))
    txn.capture_keys |= {key} if key is not None else set()
    return done


def void(call: Call) -> Done:
    """Release held money, or give up an attempt that still waits for its shopper."""
    order, txn = txn_of(call)
    reference = _reference(call, order, txn, _VOIDABLE)
    return _answer(call, order, txn, acquirer_of(call.account).void(reference))


def _reference(call: Call, order: Order, txn: Txn, allowed: set[str]) -> str:
    word = txn_status(txn, look(txn, call.account))
    if word not in allowed or txn.reference is None:
        what = f"The transaction of {order.order_id} is {word}."
        raise Refused(refused("invalid.txn.state", what, "wrong_state"))
    return txn.reference


def _answer(call: Call, order: Order, txn: Txn, result: Result) -> Done:
    refusal = result.refusal
    if refusal is not None and not result.is_applied:
        if refusal.code == UNAVAILABLE:
            raise Refused(trouble(502))
        code = "invalid.amount.exceeded" if refusal.code == "amount_too_large" else "invalid.txn.state"
        raise Refused(refused(code, f"Not done: {refusal.message}.", refusal.code))
    return answered(order, txn, result, call.account)
