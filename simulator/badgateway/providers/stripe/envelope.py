"""What every event is wrapped in: id, type, what asked for it, and how many endpoints will hear of it."""

from __future__ import annotations

from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.stripe.call import API_VERSION
from badgateway.providers.stripe.registrations import hearers
from badgateway.providers.stripe.render import in_mode
from badgateway.providers.stripe.shelf import shelf


def envelope(
    kind: str,
    data: dict[str, Any],
    account: Account,
    *,
    created_s: int,
    cause: str = "",
    family: str = "1",
    version: str = API_VERSION,
) -> dict[str, Any]:
    """Give an event as it is kept and sent; `cause` is the call or act behind it, `family` is in its id."""
    asked = shelf(account).asked
    is_asked_for = bool(cause) and asked is not None and asked.cause == cause
    made = {
        "id": f"evt_{family}{account.ids.make('event', 23)}",
        "object": "event",
        "account": None,
        "api_version": version,
        "context": None,
        "created": created_s,
        "data": data,
        "livemode": False,
        "pending_webhooks": hearers(kind, account),
        "request": {
            "id": asked.request_id if asked and is_asked_for else None,
            "idempotency_key": asked.key if asked and is_asked_for else None,
        },
        "type": kind,
    }
    told: dict[str, Any] = in_mode(made, account)
    return told
