"""Events as they can be asked for: retrieve and list, for thirty days."""

from __future__ import annotations

from typing import Any

from badgateway.payments.decisions import DAY_MS
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.shelf import shelf

KEPT_S = 30 * DAY_MS // 1000


def retrieve(call: Call) -> Done:
    """Show an event."""
    found = shelf(call.account).events.get(call.id)
    if found is None or found["created"] < call.now_s() - KEPT_S:
        raise Refused(no_such("event", call.id))
    return Done(_shown(found, call))


def listing(call: Call) -> Done:
    """List events, newest first, of some types or of all, taken by every endpoint or not."""
    kept, is_delivered = shelf(call.account), call.params.get("delivery_success")
    wanted = [*(call.params.get("types") or []), *filter(None, [call.params.get("type")])]
    since = call.now_s() - KEPT_S
    found = [
        event
        for event in reversed(kept.events.values())
        if event["created"] >= since
        and (not wanted or any(_is_of(event, one) for one in wanted))
        and is_delivered in {None, kept.untaken(event) == 0}
    ]
    rows = page(call, found, lambda one: str(one["id"]), lambda one: int(one["created"]))
    return Done(rows.show([_shown(event, call) for event in rows.items]))


def _shown(event: dict[str, Any], call: Call) -> dict[str, Any]:
    """Give an event with the number of endpoints that have not taken it yet."""
    return {**event, "pending_webhooks": shelf(call.account).untaken(event)}


def _is_of(event: dict[str, Any], wanted: str) -> bool:
    kind = str(event["type"])
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted
