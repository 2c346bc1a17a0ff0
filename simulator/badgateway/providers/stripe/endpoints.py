"""Webhook endpoints: create, retrieve, update, delete, list."""

from __future__ import annotations

from typing import Any

from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, invalid, no_such
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.registrations import EVENT_TYPE, REGISTERED_MAX, near_url, new_secret
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.versions import is_version


def create(call: Call) -> Done:
    """Register an endpoint; its secret is shown this once."""
    known, params = shelf(call.account).endpoints, call.params
    if len(known) >= REGISTERED_MAX:
        raise Refused(invalid(f"You have reached the maximum of {REGISTERED_MAX} webhook endpoints."))
    made_id = f"we_1{call.account.ids.make('webhook endpoint', 23)}"
    known[made_id] = {
        "id": made_id,
        "object": "webhook_endpoint",
        "api_version": _version(params.get("api_version")),
        "application": None,
        "created": call.now_s(),
        "description": params.get("description"),
        "enabled_events": _events(params["enabled_events"]),
        "livemode": False,
        "metadata": merged({}, params.get("metadata")),
        "status": "enabled",
        "url": near_url(params["url"], call.account),
    }
    return Done({**known[made_id], "secret": new_secret(made_id, call.account)}, is_applied=True)


def retrieve(call: Call) -> Done:
    """Show an endpoint."""
    return Done(_need(call))


def update(call: Call) -> Done:
    """Change where it is, what it hears of, and whether it is told anything."""
    record, params = dict(_need(call)), call.params
    if params.get("enabled_events"):
        record["enabled_events"] = _events(params["enabled_events"])
    if "url" in params:
        record["url"] = near_url(params["url"] or "", call.account)
    if "description" in params:
        record["description"] = params["description"]
    if "metadata" in params:
        record["metadata"] = merged(record["metadata"], params["metadata"])
    if params.get("disabled") is not None:
        record["status"] = "disabled" if params["disabled"] else "enabled"
    shelf(call.account).endpoints[call.id] = record
    return Done(record, is_applied=True)


def delete(call: Call) -> Done:
    """Take an endpoint away."""
    del shelf(call.account).endpoints[_need(call)["id"]]
    return Done({"id": call.id, "object": "webhook_endpoint", "deleted": True}, is_applied=True)


def listing(call: Call) -> Done:
    """List endpoints, newest first."""
    found = list(reversed(shelf(call.account).endpoints.values()))
    rows = page(call, found, lambda one: str(one["id"]), lambda one: int(one["created"]))
    return Done(rows.show(list(rows.items)))


def _version(named: str | None) -> str | None:
    if named is not None and not is_version(named):
        raise Refused(invalid(f"Invalid Stripe API version: {named[:40]}", "api_version"))
    return named


def _events(wanted: list[str]) -> list[str]:
    if not wanted:
        raise Refused(invalid("enabled_events names at least one event, or *.", "enabled_events"))
    for one in wanted:
        if one != "*" and not EVENT_TYPE.fullmatch(one):
            what = f"Invalid enabled_events: {one[:80]!r} is no type of event."
            raise Refused(invalid(what, "enabled_events"))
    return list(wanted)


def _need(call: Call) -> dict[str, Any]:
    found = shelf(call.account).endpoints.get(call.id)
    if found is None:
        raise Refused(no_such("webhook endpoint", call.id))
    return found
