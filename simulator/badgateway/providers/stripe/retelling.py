"""Events beside those of the payments that an integration made: second ones of a fact, and strangers'."""

from __future__ import annotations

import json

from badgateway.ground.records import changed
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.envelope import envelope
from badgateway.providers.stripe.shelf import shelf


def retell(event: WireEvent, account: Account) -> WireEvent:
    """Make another event of the same fact, which can be asked for at GET /v1/events like the first."""
    body = {**json.loads(event.body), "id": f"evt_3{account.ids.make('event', 23)}"}
    return changed(event, id=body["id"], body=shelf(account).remember(body))


def stranger(wire_type: str, account: Account) -> WireEvent:
    """Make an event of any type about an object that nobody of this story has ever named."""
    kind = (wire_type.rpartition(".")[0] or wire_type).rpartition(".")[2]
    now_s, kept = account.clock.now_ms() // 1000, shelf(account)
    shown = {
        "id": f"{kind[:4]}_1{account.ids.make('stranger', 23)}",
        "object": kind,
        "created": now_s,
        "livemode": False,
        "metadata": {},
    }
    body = envelope(wire_type, {"object": shown}, account, kept, created_s=now_s)
    return WireEvent(body["id"], None, wire_type, kept.remember(body), None, None)
