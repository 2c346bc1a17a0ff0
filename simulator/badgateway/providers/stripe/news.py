"""Events about objects of the account that the book does not know: setups, sessions, saved methods."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Payment
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.render import in_mode, to_bytes
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
    asked = shelf(account).asked
    is_asked_for = asked is not None and asked.cause == account.cause
    data: dict[str, Any] = {"object": shown}
    if before is not None:
        data["previous_attributes"] = before
    body = in_mode(
        {
            "id": f"evt_1{account.ids.make('event', 23)}",
            "object": "event",
            "account": None,
            "api_version": event_version(account),
            "context": None,
            "created": int(account.clock.now_s()),
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {
                "id": asked.request_id if asked and is_asked_for else None,
                "idempotency_key": asked.key if asked and is_asked_for else None,
            },
            "type": kind,
        },
        account,
    )
    shelf(account).remember(body)
    shelf(account).news.append(
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
    """Give what was noted since the last time, in order."""
    kept = shelf(account)
    taken, kept.news = tuple(kept.news), []
    return taken
