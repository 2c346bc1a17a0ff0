"""A webhook event as far as it is needed: what it is about. It is a hint where to look, not evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """One event. `is_hint`: the provider is asked before anything in it is believed."""

    event_id: str
    type: str
    kind: str  # object it is about: payment_intent | charge | refund | dispute | ...
    object_id: str
    payment_id: str | None
    order_reference: str | None
    is_hint: bool = True
    snapshot: Mapping[str, Any] = field(default_factory=dict)  # not kept
    is_live: bool = False  # it is about real money
    merchant: str = ""  # whose account told it; known once its signature is checked
    route: str = ""  # at which provider; empty: at the preferred one

    @property
    def is_relevant(self) -> bool:
        """Say whether such an event can change what we know."""
        return (
            self.kind in {"payment_intent", "charge", "refund", "dispute"}
            and self.type != "payment_intent.created"
        )

    @property
    def is_readable(self) -> bool:
        """Say whether it names what it is about; without that nobody can look it up."""
        if not self.kind or not self.is_relevant:
            return bool(self.kind)
        return bool(self.object_id or (self.kind == "charge" and self.payment_id))

    def to_hint(self) -> str:
        """Give the JSON that the inbox keeps: ids and words, none of the shopper's data."""
        return json.dumps(
            [
                self.event_id,
                self.type,
                self.kind,
                self.object_id,
                self.payment_id,
                self.order_reference,
                self.merchant,
                self.route,
            ]
        )


def notice_from_hint(text: str) -> Notice:
    """Read back what the inbox kept."""
    *words, merchant, route = json.loads(text)
    return replace(Notice(*words), merchant=merchant, route=route)


def read_notice(event: Mapping[str, Any], *, is_hint: bool = True) -> Notice:
    """Read an event; raises ValueError where it is none."""
    data = event.get("data")
    thing = data.get("object") if isinstance(data, Mapping) else None
    if not isinstance(event.get("id"), str) or not isinstance(event.get("type"), str):
        raise ValueError("no event: id or type is missing")  # noqa: TRY004 - the document is wrong, not our call
    if not isinstance(thing, Mapping):
        thing = {}
    kind = str(thing.get("object") or "")
    metadata = thing.get("metadata")
    reference = metadata.get("order") if isinstance(metadata, Mapping) else None
    payment = thing.get("id") if kind == "payment_intent" else thing.get("payment_intent")
    return Notice(
        event_id=event["id"],
        type=event["type"],
        kind=kind,
        object_id=str(thing.get("id") or ""),
        payment_id=payment if isinstance(payment, str) else None,
        order_reference=reference if isinstance(reference, str) else None,
        is_hint=is_hint,
        snapshot=thing,
        is_live=event.get("livemode") is True,
    )
