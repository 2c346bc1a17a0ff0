"""The Stripe-Signature of a webhook: HMAC-SHA256 over the moment and the exact bytes that are sent."""

from __future__ import annotations

import hmac
from functools import lru_cache

from badgateway.ground.message import Headers
from badgateway.providers.base import Endpoint


def signature(body: bytes, secret: str, at_s: int) -> str:
    """Give one v1 signature. The key is the whole secret, `whsec_` included."""
    made = _keyed(secret).copy()
    made.update(b"%d." % at_s)
    made.update(body)
    return made.hexdigest()


def sign(body: bytes, endpoint: Endpoint, at_s: int) -> Headers:
    """Give the header; while a secret is rotated both sign, and one match is enough for a receiver."""
    signed = f"t={at_s},v1={signature(body, endpoint.secret, at_s)}"
    if endpoint.old_secret:
        signed += f",v1={signature(body, endpoint.old_secret, at_s)}"
    return (("Stripe-Signature", signed), *endpoint.headers)


@lru_cache(maxsize=256)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod="sha256")
