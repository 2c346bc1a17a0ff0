"""What every event is wrapped in: id, type, what asked for it, and how many endpoints will hear of it."""

from __future__ import annotations

from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.stripe.call import API_VERSION
from badgateway.providers.stripe.registrations import hearers
from badgateway.providers.stripe.render import in_mode
from badgateway.providers.stripe.shelf import Shelf

_NOBODY: dict[str, str | None] = {"id": None, "idempotency_key": None}  # nobody has asked for it


def envelope(
    kind: str,
    data: dict[str, Any],
    account: Account,
    kept: Shelf,
    created_s: int,
    cause: str = "",
    family: str = "1",
    version: str = API_VERSION,
) -> dict[str, Any]:
    """Give an event as it is kept and sent; `cause` is the call or act behind it, `family` is in its id."""
    asked, request = kept.asked, _NOBODY
    if asked is not None and cause and asked.cause == cause:
        request = {"id": asked.request_id, "idempotency_key": asked.key}
    made = {
        "id": f"evt_{family}{account.ids.make('event', 23)}",
        "object": "event",
        "account": None,
        "api_version": version,
        "context": None,
        "created": created_s,
        "data": data,
        "livemode": False,
        "pending_webhooks": hearers(kind, account, kept),
        "request": request,
        "type": kind,
    }
    return in_mode(made, account) if account.is_live else made
