"""Thin events: small notifications that name an event and its object, which a client then asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from badgateway.ground.clock import utc_text
from badgateway.ground.records import changed
from badgateway.payments.decisions import DAY_MS
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, invalid, no_such
from badgateway.providers.stripe.render import in_mode, to_bytes
from badgateway.providers.stripe.shelf import EVENTS_MAX, shelf

PING = "v2.core.event_destination.ping"
KEPT_MS = 30 * DAY_MS
SHAPE = "created:refused limit:integer object_id page:unused types:list"
LIMIT, LIMIT_MAX = 20, 100
# Source: the SDK's classes of thin events, which say what each is about.
_ADDRESSES: Mapping[str, str] = {
    "charge": "/v1/charges",
    "checkout.session": "/v1/checkout/sessions",
    "customer": "/v1/customers",
    "dispute": "/v1/disputes",
    "payment_intent": "/v1/payment_intents",
    "payment_method": "/v1/payment_methods",
    "payout": "/v1/payouts",
    "refund": "/v1/refunds",
    "setup_intent": "/v1/setup_intents",
    "v2.core.event_destination": "/v2/core/event_destinations",
}


def in_thin_words(wire_type: str) -> str:
    """Give the type of the thin event beside a snapshot event."""
    return f"v1.{wire_type}"


def thinned(event: WireEvent, account: Account) -> WireEvent:
    """Give the thin event beside a snapshot event: an id of its own, and no data."""
    kept = shelf(account)
    made = kept.thin.get(kept.thin_of.get(event.id, ""))
    if made is None:
        body = json.loads(event.body)
        made = _make(in_thin_words(event.wire_type), body["data"]["object"], account)
        asked = body["request"]
        made["snapshot_event"], kept.thin_of[event.id] = event.id, made["id"]
        if asked["id"]:
            key = asked["idempotency_key"]
            made["reason"] = {
                "type": "request",
                "request": {"id": asked["id"], "idempotency_key": key or ""},
            }
    body_sent = to_bytes(_notification(made))
    return changed(event, id=made["id"], wire_type=made["type"], body=body_sent, retells=event.id)


def pinged(destination: Mapping[str, Any], account: Account) -> dict[str, Any]:
    """Make the event that tries a destination, queue its delivery, and give it."""
    made = _make(PING, destination, account)
    notice = WireEvent(made["id"], None, PING, to_bytes(_notification(made)), None, None, cause=account.cause)
    shelf(account).news.append(notice)
    return made


def retrieve(call: Call) -> Done:
    """Show a thin event whole."""
    found = shelf(call.account).thin.get(call.id)
    if found is None or found["created"] < _since(call.account):
        raise Refused(no_such("event", call.id))
    return Done(found)


def listing(call: Call) -> Done:
    """List thin events, newest first: of one object, of some types, or all."""
    limit = call.params.get("limit", LIMIT)
    if not 1 <= limit <= LIMIT_MAX:
        raise Refused(invalid(f"Invalid integer: limit is from 1 to {LIMIT_MAX}", "limit"))
    since = _since(call.account)
    types, object_id = call.params.get("types"), call.params.get("object_id")
    found = [
        one
        for one in reversed(shelf(call.account).thin.values())
        if one["created"] >= since
        and (not types or one["type"] in types)
        and (not object_id or one["related_object"]["id"] == object_id)
    ]
    return Done({"data": found[:limit], "next_page_url": None, "previous_page_url": None})


def _make(kind: str, about: Mapping[str, Any], account: Account) -> dict[str, Any]:
    mode = "" if account.is_live else "test_"
    made: dict[str, Any] = in_mode(
        {
            "id": f"evt_{mode}{account.ids.make('thin event', 40)}",
            "object": "v2.core.event",
            "changes": None,
            "context": None,
            "created": utc_text(account.clock.now_ms()),
            "livemode": False,
            "reason": None,
            "related_object": {
                "id": about["id"],
                "type": about["object"],
                "url": f"{_ADDRESSES[about['object']]}/{about['id']}",
            },
            "snapshot_event": None,
            "type": kind,
        },
        account,
    )
    known = shelf(account).thin
    known[made["id"]] = made
    if len(known) > EVENTS_MAX:
        gone = known.pop(next(iter(known)))
        shelf(account).thin_of.pop(gone["snapshot_event"], None)
    return made


def _notification(made: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what only the event itself says; SDKs of 2025 cannot read a reason in a notification."""
    left_out = {"changes", "reason", "snapshot_event"}
    return {name: value for name, value in made.items() if name not in left_out}


def _since(account: Account) -> str:
    """Give the moment of the oldest events that are kept; written times have the order of the times."""
    return utc_text(account.clock.now_ms() - KEPT_MS)
