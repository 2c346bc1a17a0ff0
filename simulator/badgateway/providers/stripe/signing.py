"""The Stripe-Signature of a webhook: HMAC-SHA256 over the moment and the exact bytes that are sent."""

from __future__ import annotations

import hmac

from badgateway.ground.message import Headers
from badgateway.providers.base import Endpoint


def signature(body: bytes, secret: str, at_s: int) -> str:
    """Give one v1 signature. The key is the whole secret, `whsec_` included."""
    return hmac.digest(secret.encode(), f"{at_s}.".encode() + body, "sha256").hex()


def sign(body: bytes, endpoint: Endpoint, at_s: int) -> Headers:
    """Give the header; while a secret is rotated both sign, and one match is enough for a receiver."""
    secrets = [endpoint.secret, *filter(None, [endpoint.old_secret])]
    parts = [f"t={at_s}", *(f"v1={signature(body, secret, at_s)}" for secret in secrets)]
    return (("Stripe-Signature", ",".join(parts)), *endpoint.headers)
