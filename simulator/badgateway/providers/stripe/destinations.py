"""Event destinations of version 2 of the API: webhook endpoints that may ask for thin events."""

from __future__ import annotations

from typing import Any

from badgateway.ground.clock import utc_text
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, invalid, missing, no_such
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.registrations import EVENT_TYPE, REGISTERED_MAX, near_url, new_secret
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.thin import pinged
from badgateway.providers.stripe.versions import is_version

SHAPE = (
    "amazon_eventbridge:refused azure_event_grid:refused description enabled_events:list events_from:list "
    "event_payload:snapshot|thin include:list metadata:metadata name snapshot_api_version "
    "type webhook_endpoint:mapping"
)
CHANGES = "description enabled_events:list include:list metadata:metadata name webhook_endpoint:mapping"
SHOWN = "include:list"
REQUIRED = ("enabled_events", "event_payload", "name", "type", "webhook_endpoint")
_URL, _SECRET = "webhook_endpoint.url", "webhook_endpoint.signing_secret"
# What a list may name; the types of events are looked at by themselves.
_SCOPES = "@accounts @organization_members @organization_members/@accounts @self other_accounts self"
_WORDS = {"events_from": _SCOPES.split(), "include": [_SECRET, _URL]}
_NO_TEXTS = ("enabled_events", "events_from", "include", "metadata", "webhook_endpoint")


def create(call: Call) -> Done:
    """Register a destination; its secret is shown this once, to who asks for it."""
    _check(call)
    known, params = shelf(call.account).destinations, call.params
    if len(known) >= REGISTERED_MAX:
        raise Refused(invalid(f"You have reached the maximum of {REGISTERED_MAX} event destinations."))
    if params["type"] != "webhook_endpoint":
        raise Refused(invalid("Invalid type: this simulator has webhook_endpoint only.", "type"))
    version = call.ask.params.get("snapshot_api_version")
    if version is not None and not is_version(version):
        raise Refused(invalid(f"Invalid Stripe API version: {version[:40]}", "snapshot_api_version"))
    payload = params["event_payload"]
    mode = "" if call.account.is_live else "test_"
    made_id = f"ed_{mode}{call.account.ids.make('event destination', 40)}"
    record = {
        "id": made_id,
        "object": "v2.core.event_destination",
        "created": utc_text(call.account.clock.now_ms()),
        "description": params.get("description") or "",
        "enabled_events": _events(params["enabled_events"], payload),
        "event_payload": payload,
        "events_from": params.get("events_from") or ["self"],
        "livemode": False,
        "metadata": merged({}, params.get("metadata")),
        "name": params["name"],
        "snapshot_api_version": params.get("snapshot_api_version"),
        "status": "enabled",
        "status_details": None,
        "type": "webhook_endpoint",
        "updated": utc_text(call.account.clock.now_ms()),
        "webhook_endpoint": {"url": _url(params["webhook_endpoint"], call)},
    }
    known[made_id] = record
    secret = new_secret(made_id, call.account)
    return Done(_shown(record, call, secret), is_applied=True)


def retrieve(call: Call) -> Done:
    """Show a destination."""
    _check(call)
    return Done(_shown(_need(call), call))


def update(call: Call) -> Done:
    """Change what a destination is called, where it is and what it hears of."""
    _check(call)
    record, params = dict(_need(call)), call.params
    if "enabled_events" in params:
        record["enabled_events"] = _events(params["enabled_events"], record["event_payload"])
    if "webhook_endpoint" in params:
        record["webhook_endpoint"] = {"url": _url(params["webhook_endpoint"], call)}
    record |= {name: params[name] for name in ("name", "description") if params.get(name) is not None}
    if "metadata" in params:
        record["metadata"] = merged(record["metadata"], params["metadata"])
    return _changed(record, call)


def delete(call: Call) -> Done:
    """Take a destination away."""
    del shelf(call.account).destinations[_need(call)["id"]]
    return Done({"id": call.id, "object": "v2.core.event_destination"}, is_applied=True)


def disable(call: Call) -> Done:
    """Let a destination be told nothing any more."""
    details = {"disabled": {"reason": "user"}}
    return _changed({**_need(call), "status": "disabled", "status_details": details}, call)


def enable(call: Call) -> Done:
    """Let a destination be told again."""
    return _changed({**_need(call), "status": "enabled", "status_details": None}, call)


def ping(call: Call) -> Done:
    """Try a destination with an event that is about itself."""
    return Done(pinged(_need(call), call.account), is_applied=True)


def listing(call: Call) -> Done:
    """List destinations, newest first."""
    _check(call)
    found = [_shown(one, call) for one in reversed(shelf(call.account).destinations.values())]
    return Done({"data": found, "next_page_url": None, "previous_page_url": None})


def _changed(record: dict[str, Any], call: Call) -> Done:
    record = {**record, "updated": utc_text(call.account.clock.now_ms())}
    shelf(call.account).destinations[call.id] = record
    return Done(_shown(record, call), is_applied=True)


def _shown(record: dict[str, Any], call: Call, secret: str | None = None) -> dict[str, Any]:
    """Give a destination as it is shown: its address and its secret only to who asks for them."""
    asked = call.params.get("include") or []
    place = {"url": record["webhook_endpoint"]["url"]} if _URL in asked else {}
    if _SECRET in asked and secret is not None:
        place["signing_secret"] = secret
    return {**record, "webhook_endpoint": place or None}


def _check(call: Call) -> None:
    """Refuse an empty text for a list or a hash, which unsets it in forms only, and unknown words."""
    for name in _NO_TEXTS:
        if call.ask.params.get(name) == "":
            raise Refused(invalid(f"Invalid value: {name} is no text.", name))
    for name, known in _WORDS.items():
        for word in call.params.get(name) or ():
            if word not in known:
                raise Refused(invalid(f"Invalid {name}: must be one of {', '.join(known)}", name))


def _url(given: dict[str, Any], call: Call) -> str:
    unknown = next((name for name in given if name != "url"), None)
    if unknown is not None:
        path = f"webhook_endpoint.{unknown[:80]}"
        raise Refused(invalid(f"Received unknown parameter: {path}", path, "parameter_unknown"))
    url = given.get("url")
    if not isinstance(url, str) or not url:
        raise Refused(missing("webhook_endpoint.url"))
    return near_url(url, call.account, "webhook_endpoint.url")


def _events(wanted: list[str], payload: str) -> list[str]:
    if not wanted:
        raise Refused(invalid("enabled_events names at least one type of event, or *.", "enabled_events"))
    for one in wanted:
        is_thin = one.startswith(("v1.", "v2."))
        if one != "*" and (not EVENT_TYPE.fullmatch(one) or is_thin != (payload == "thin")):
            what = f"Invalid enabled_events: {one[:80]!r} is no type of a {payload} event."
            raise Refused(invalid(what, "enabled_events"))
    return list(wanted)


def _need(call: Call) -> dict[str, Any]:
    found = shelf(call.account).destinations.get(call.id)
    if found is None:
        raise Refused(no_such("event destination", call.id))
    return found
