"""Events about objects of the account that the book does not know: setups, sessions, saved methods."""

from __future__ import annotations

import json
from typing import Any

from badgateway.payments.model import Payment
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.envelope import envelope
from badgateway.providers.stripe.render import to_bytes
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.versions import event_version


def note(
    kind: str,
    shown: dict[str, Any],
    account: Account,
    *,
    before: dict[str, Any] | None = None,
    payment: Payment | None = None,
    order_ref: str | None = None,
) -> None:
    """Make an event of something that has just happened; `before` are old values of what was updated."""
    data: dict[str, Any] = {"object": shown}
    if before is not None:
        data["previous_attributes"] = before
    now_s, kept = int(account.clock.now_s()), shelf(account)
    version = event_version(account, kept)
    body = envelope(kind, data, account, kept, created_s=now_s, cause=account.cause, version=version)
    kept.news.append(
        WireEvent(
            id=body["id"],
            name=None,
            wire_type=kind,
            body=to_bytes(body),
            payment_id=payment.id if payment else None,
            order_ref=(payment.order_ref if payment else None) or order_ref,
            tells=payment.status.value if payment else None,
            cause=account.cause,
        )
    )


def take_news(account: Account) -> tuple[WireEvent, ...]:
    """Give what was noted since the last time, in order; from now on it can be asked for."""
    kept = shelf(account)
    taken, kept.news = tuple(kept.news), []
    for event in taken:
        body = json.loads(event.body)
        if body["object"] == "event":  # and no notification of version 2
            kept.remember(body)
    return taken
