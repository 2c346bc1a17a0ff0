"""What registered endpoints have in common: where they may be, what they hear of, what signs for them."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from badgateway.ground.records import changed
from badgateway.providers.base import Account, Endpoint, Registered, WireEvent
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, invalid, no_such
from badgateway.providers.stripe.shelf import Secret, Shelf, shelf
from badgateway.providers.stripe.thin import PING, in_thin_words, thinned

REGISTERED_MAX = 16
EVENT_TYPE = re.compile(r"(?=.{1,100}$)[a-z0-9_]+(\.[a-z0-9_]+)+")  # no type of Stripe's is longer
OVERLAP_S_MAX = 24 * 3600  # how long an old secret signs beside the new one, at most


def checked_url(url: str, param: str = "url") -> str:
    """Give an address of the web; raises Refused for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise Refused(invalid(f"Not a valid URL: {url[:80]}", param, "url_invalid"))
    return url


def near_url(url: str, account: Account, param: str = "url") -> str:
    """Give an address that may be told of events; raises Refused for other machines' too."""
    if not _is_near(urlsplit(checked_url(url, param)).hostname or "", account):
        what = (
            f"Not a URL that this simulator sends to: {url[:80]}. Simulated events go to loopback addresses "
            "(http://127.0.0.1:8000/hook), and to hosts that its configuration names."
        )
        raise Refused(invalid(what, param, "url_invalid"))
    return url


def new_secret(made_id: str, account: Account) -> str:
    """Make the secret of an endpoint that is registered now."""
    secret = f"whsec_{account.ids.make('webhook secret', 32)}"
    shelf(account).endpoint_secrets[made_id] = Secret(secret)
    return secret


def roll(call: Call) -> Done:
    """Give an endpoint another secret; the old one signs as well for as many seconds as are asked for.

    Stripe does this in its dashboard only, so the address is one of ours.
    """
    kept = shelf(call.account)
    record = kept.endpoints.get(call.id) or kept.destinations.get(call.id)
    if record is None:
        raise Refused(no_such("webhook endpoint", call.id))
    overlap_s = call.params.get("expire_old_after") or 0
    if not 0 <= overlap_s <= OVERLAP_S_MAX:
        what = f"An old secret signs for 0 to {OVERLAP_S_MAX} seconds more."
        raise Refused(invalid(what, "expire_old_after"))
    old = kept.endpoint_secrets[call.id]
    secret = new_secret(call.id, call.account)
    if overlap_s:
        kept.endpoint_secrets[call.id] = Secret(secret, old.secret, call.now_s() + overlap_s)
    return Done({**record, "secret": secret}, is_applied=True)


def registrations(account: Account) -> tuple[Registered, ...]:
    """Give all registered endpoints of an account, oldest first."""
    kept = shelf(account)
    if not kept.endpoints and not kept.destinations:
        return ()
    now_s, found = int(account.clock.now_s()), []
    for n, (made_id, record) in enumerate(_records(kept).items(), 1):
        secret = kept.endpoint_secrets[made_id]
        old = secret.old_secret if now_s < secret.old_until_s else None
        is_enabled = record["status"] == "enabled"
        found.append(Registered(made_id, n, Endpoint(_url(record), secret.secret, old), is_enabled))
    return tuple(found)


def told(event: WireEvent, registered: Registered, account: Account) -> WireEvent | None:
    """Give what a registered endpoint is sent of an event; None: it does not hear of it."""
    record = _records(shelf(account))[registered.id]
    if event.wire_type == PING:
        is_pinged = f'"id": "{registered.id}"'.encode() in event.body
        return event if is_pinged else None
    is_thin = record.get("event_payload") == "thin"
    wanted = in_thin_words(event.wire_type) if is_thin else event.wire_type
    if not registered.is_enabled or not {"*", wanted} & set(record["enabled_events"]):
        return None
    return thinned(event, account) if is_thin else event


def is_wanted(wire_type: str, url: str, account: Account) -> bool:
    """Say whether an address is told of a type; one that nobody has registered hears of everything.

    Who has registered it for thin events alone hears of nothing else there.
    """
    if wire_type == PING:
        return False
    kept = shelf(account)
    if not kept.endpoints and not kept.destinations:
        return True
    here = [record for record in _records(kept).values() if _url(record) == url]
    return not here or any(_hears(record, wire_type) for record in here)


def hearers(wire_type: str, account: Account, kept: Shelf) -> int:
    """Count the endpoints that a snapshot event goes to; who asked for thin ones hears of another event."""
    own = account.webhook_url
    if not kept.endpoints and not kept.destinations:
        return 0 if own is None or wire_type == PING else 1
    count = 1 if own is not None and is_wanted(wire_type, own, account) else 0
    for record in _records(kept).values():
        count += _hears(record, wire_type) and _url(record) != own
    return count


def disable(registered: Registered, account: Account) -> None:
    """Tell an endpoint nothing any more; the account sees it as disabled."""
    kept = shelf(account)
    known = kept.endpoints if registered.id in kept.endpoints else kept.destinations
    known[registered.id] = {**known[registered.id], "status": "disabled"}


def inherit(account: Account, older: Account) -> None:
    """Register with an account what was registered with another one that had the same key."""
    new, old = shelf(account), shelf(older)
    new.endpoints |= old.endpoints
    new.destinations |= old.destinations
    new.endpoint_secrets |= {key: changed(secret) for key, secret in old.endpoint_secrets.items()}


def _records(kept: Shelf) -> dict[str, dict[str, Any]]:
    # Most accounts have nothing else than endpoints, or nothing at all.
    return {**kept.endpoints, **kept.destinations} if kept.destinations else kept.endpoints


def _url(record: dict[str, Any]) -> str:
    url: str = record.get("url") or record["webhook_endpoint"]["url"]
    return url


def _hears(record: dict[str, Any], wire_type: str) -> bool:
    """Say whether an endpoint is told of a type by snapshot events."""
    if record.get("event_payload") == "thin" or record["status"] != "enabled":
        return False
    return "*" in record["enabled_events"] or wire_type in record["enabled_events"]


def _is_near(host: str, account: Account) -> bool:
    if host == "localhost" or host in account.webhook_hosts:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
