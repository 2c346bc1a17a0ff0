"""Who sends a webhook, and who signed the address of a shopper who comes back: Basic, and HMAC-SHA256."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote_plus

from badgateway.ground.message import Headers
from badgateway.providers.base import Endpoint

USER = "euler-webhooks"
ALGORITHM = "HMAC-SHA256"


def basic(endpoint: Endpoint) -> Headers:
    """Give the headers of a webhook: user and password as the dashboard has them, then the custom ones.

    There is room for one password: while it is changed, the old one is still sent.
    """
    pair = f"{USER}:{endpoint.old_secret or endpoint.secret}"
    return (("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"), *endpoint.headers)


def signed(params: Mapping[str, str], key: str) -> dict[str, str]:
    """Give parameters with their signature, as they stand in the address that a shopper comes back to."""
    return {**params, "signature": signature(params, key), "signature_algorithm": ALGORITHM}


def signature(params: Mapping[str, str], key: str) -> str:
    """Sign parameters: sorted, url-encoded one by one, then as a whole; so is the base64 of it."""
    pairs = "&".join(f"{quote_plus(name)}={quote_plus(params[name])}" for name in sorted(params))
    digest = hmac.new(key.encode(), quote_plus(pairs).encode(), hashlib.sha256).digest()
    return quote_plus(base64.b64encode(digest).decode())
