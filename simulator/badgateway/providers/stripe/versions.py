"""Older shapes of the API: what an answer or event looks like to a client that asks for another version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.stripe.call import API_VERSION
from badgateway.providers.stripe.charge_object import charge_id, charge_object
from badgateway.providers.stripe.shelf import Shelf

# From this version on an intent names its last charge; before, it carried all of them.
LATEST_CHARGE = "2022-11-15"
# From this version on an order's invoice and a session's address for shipping are found elsewhere.
# Source: docs.stripe.com/changelog/basil, breaking changes of 2025-03-31.
BASIL = "2025-03-31"
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[a-z]+)?(;.*)?")
_BEFORE_BASIL = {"payment_intent": "invoice", "charge": "invoice", "checkout.session": "shipping_details"}


def version_of(asked: str | None, account: Account) -> str:
    """Give the version of an answer: the one that is asked for, or the account's default."""
    return asked or account.api_version or API_VERSION


def is_version(version: str) -> bool:
    """Say whether this can be a version: a date, perhaps the name of a release, perhaps features."""
    return _VERSION.fullmatch(version) is not None


def event_version(account: Account, kept: Shelf) -> str:
    """Give the version of events: that of the newest endpoint which names one, or the account's default."""
    if not kept.endpoints:
        return account.api_version or API_VERSION
    known = reversed(kept.endpoints.values())
    named = next((one["api_version"] for one in known if one["api_version"]), None)
    return version_of(named, account)


def is_old(version: str) -> bool:
    """Say whether intents of this version carry their charges."""
    return version[:10] < LATEST_CHARGE


def in_version(shown: Any, version: str, account: Account) -> Any:
    """Give an object as a version shows it; every intent in it is changed, wherever it stands."""
    if version[:10] >= BASIL or (isinstance(shown, dict) and shown.get("object") == "event"):
        return shown  # an event stays what it was when it was made
    match shown:
        case dict():
            inner = {name: in_version(value, version, account) for name, value in shown.items()}
            kind = shown.get("object")
            if isinstance(kind, str) and kind in _BEFORE_BASIL:
                inner.setdefault(_BEFORE_BASIL[kind], None)
            is_intent = kind == "payment_intent" and "latest_charge" in shown
            return _with_charges(inner, version, account) if is_intent and is_old(version) else inner
        case list():
            return [in_version(one, version, account) for one in shown]
    return shown


def _with_charges(intent: Mapping[str, Any], version: str, account: Account) -> dict[str, Any]:
    payment = account.book.payment(intent["id"])
    latest = intent["latest_charge"]
    # A snapshot of an event is older than the book: only what it knew of is shown.
    ids = [charge_id(one) for one in payment.attempts] if payment is not None else []
    known = payment.attempts[: ids.index(latest) + 1] if latest in ids else ()
    data = [in_version(charge_object(one, payment, account), version, account) for one in reversed(known)]
    charges = {
        "object": "list",
        "data": data[:10],
        "has_more": len(data) > 10,
        "total_count": len(data),
        "url": f"/v1/charges?payment_intent={intent['id']}",
    }
    kept = {name: value for name, value in intent.items() if name != "latest_charge"}
    return {**kept, "charges": charges}


def data_in_version(data: dict[str, Any], version: str, account: Account) -> dict[str, Any]:
    """Give what an event says in a version: its object, and what was different before."""
    if version[:10] >= BASIL:
        return data
    changed = in_version(data, version, account)
    before = changed.get("previous_attributes")
    if is_old(version) and before is not None:
        changed["previous_attributes"] = {n: value for n, value in before.items() if n != "latest_charge"}
    return dict(changed)
