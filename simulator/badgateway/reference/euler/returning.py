"""The address with which Euler sends a shopper back: whose it is, and whether Euler wrote it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote_plus, unquote

from badgateway.reference.orders import need_order
from badgateway.reference.records import attempts_of
from badgateway.reference.service import Problem, Service

_NOT_SIGNED = frozenset({"signature", "signature_algorithm"})
_ALGORITHM = "HMAC-SHA256"


def check_return(service: Service, reference: str, told: Mapping[str, str]) -> None:
    """Raise Problem 400 where a signed return is not Euler's, or is about another order.

    Who comes back without a signature has opened the page by hand; the look-up tells how the order stands.
    A good signature proves no more: the status beside it may be old.
    """
    if "signature" not in told:
        return
    with service.store.read() as tx:
        order = need_order(tx, reference)
        ids = {attempt.provider_id for attempt in attempts_of(tx, order.id)}
    merchant = service.settings.at("euler").merchants[order.merchant]
    is_ours = told.get("order_id") in ids
    if not (is_ours and is_genuine(told, merchant.response_key)):
        service.log("return_refused", order=reference)
        raise Problem(400, "bad_return", "this address was not written by the provider for this order")


def is_genuine(told: Mapping[str, str], key: str) -> bool:
    """Say whether the parameters of a return are signed with our response key."""
    if not key or told.get("signature_algorithm") != _ALGORITHM:
        return False
    names = sorted(name for name in told if name not in _NOT_SIGNED)
    text = quote_plus("&".join(f"{quote_plus(name)}={quote_plus(told[name])}" for name in names))
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    # Taken out of the address it is still url-encoded once.
    given = unquote(told["signature"])
    return hmac.compare_digest(base64.b64encode(digest), given.encode())
