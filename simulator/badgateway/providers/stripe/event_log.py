"""Events as they can be asked for: retrieve and list, for thirty days."""

from __future__ import annotations

import json
from typing import Any

from badgateway.payments.decisions import DAY_MS
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page_of
from badgateway.providers.stripe.shelf import Kept, Shelf, shelf

KEPT_S = 30 * DAY_MS // 1000


def retrieve(call: Call) -> Done:
    """Show an event."""
    on_shelf = shelf(call.account)
    found = on_shelf.events.get(call.id)
    if found is None or found.created_s < call.now_s() - KEPT_S:
        raise Refused(no_such("event", call.id))
    return Done(_shown(found, on_shelf))


def listing(call: Call) -> Done:
    """List events, newest first, of some types or of all, taken by every endpoint or not."""
    is_delivered = call.params.get("delivery_success")
    wanted = [*(call.params.get("types") or []), *filter(None, [call.params.get("type")])]

    def is_meant(kept: Kept) -> bool:
        is_of = not wanted or any(_is_of(kept, one) for one in wanted)
        return is_of and is_delivered in {None, on_shelf.count_untaken(kept.id) == 0}

    since, on_shelf = call.now_s() - KEPT_S, shelf(call.account)
    events = on_shelf.events.values()
    rows = page_of(call, events, lambda one: one.id, lambda one: one.created_s, is_meant, since_s=since)
    return Done(rows.show([_shown(kept, on_shelf) for kept in rows.items]))


def _shown(kept: Kept, on_shelf: Shelf) -> dict[str, Any]:
    """Give an event with the number of endpoints that have not taken it yet."""
    return {**json.loads(kept.body), "pending_webhooks": on_shelf.count_untaken(kept.id)}


def _is_of(kept: Kept, wanted: str) -> bool:
    return kept.type.startswith(wanted[:-1]) if wanted.endswith("*") else kept.type == wanted
