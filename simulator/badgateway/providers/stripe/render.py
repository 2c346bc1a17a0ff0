"""Answers as bytes and headers: two-space indented JSON, as Stripe sends it."""

from __future__ import annotations

from typing import Any

from badgateway.ground.json_bytes import indented
from badgateway.ground.message import Headers, Reply
from badgateway.providers.base import Account
from badgateway.providers.stripe.call import API_VERSION, Ask

# Names of headers as they leave: in lower case.
_ALWAYS = (("content-type", "application/json"), ("cache-control", "no-cache, no-store"))
to_bytes = indented  # an object as it travels


def in_mode(shown: Any, account: Account) -> Any:
    """Give an object with the mode of its account: what a live account shows says that it is live."""
    if not account.is_live:
        return shown
    match shown:
        case dict():
            return {key: True if key == "livemode" else in_mode(part, account) for key, part in shown.items()}
        case list():
            return [in_mode(part, account) for part in shown]
    return shown


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Give the old values of what is different now, null for a key of a hash that was not there."""
    changed: dict[str, Any] = {name: None for name in after if name not in before and after[name] is not None}
    for name, old in before.items():
        new = after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            if inner := changes(old, new):
                changed[name] = inner
        elif old != new:
            changed[name] = old
    return changed


def request_id(account: Account | None) -> str:
    """Give the id of the request that is being answered."""
    if account is None:
        return "req_00000000000000"
    return f"req_{account.request_id or account.ids.make('request', 14)}"


def reply(status: int, shown: dict[str, Any], request: str, ask: Ask | None = None) -> Reply:
    """Give the answer to a request with the headers that clients read."""
    version = ask.version if ask else API_VERSION
    headers: Headers = (*_ALWAYS, ("request-id", request), ("stripe-version", version))
    key = ask.key if ask else None
    if key is not None:
        headers = (*headers, ("idempotency-key", key), ("original-request", request))
    return Reply(status, to_bytes(shown), headers)
