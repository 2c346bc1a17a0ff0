"""Webhook events of a declared provider: which ones a happening makes, and what each of them shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from badgateway.ground.records import changed
from badgateway.payments.model import Happening
from badgateway.payments.settlement import Payout
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.declared.model import EventKind, Spec
from badgateway.providers.declared.places import put
from badgateway.providers.declared.scene import Scene, Tidings
from badgateway.providers.declared.templates import fill, holds, places


def events(happening: Happening, account: Account, spec: Spec) -> tuple[WireEvent, ...]:
    """Render the webhooks of one happening, in the order in which the file lists them."""
    moves = {entry.kind for entry in happening.ledger}
    scene = _scene(account, spec).about(happening.payment, happening.refund)
    scene = changed(scene, dispute=happening.dispute)
    made: list[WireEvent] = []
    for kind in spec.webhooks.events.get(happening.name, ()):
        if (kind.with_move and kind.with_move not in moves) or kind.without_move in moves:
            continue
        if kind.when is not None and not holds(kind.when, scene):
            continue
        if kind.is_primary and any(one.name is not None for one in made):
            continue  # another one stands for it here
        told, body = _told(kind, happening.name, happening.at_ms, scene)
        made.append(
            WireEvent(
                id=told.id,
                name=happening.name if kind.is_primary else None,
                wire_type=kind.type,
                body=body,
                payment_id=happening.payment.id,
                order_ref=happening.payment.order_ref,
                tells=happening.payment.status.value,
                facts=tuple(entry.seq for entry in happening.ledger),
                cause=happening.cause,
            )
        )
    return tuple(made)


def payout_events(payout: Payout, account: Account, spec: Spec) -> tuple[WireEvent, ...]:
    """Render the webhooks of one payout; they are about no order."""
    scene = changed(_scene(account, spec), payout=payout)
    made = []
    for kind in spec.webhooks.events.get("payout.paid", ()):
        told, body = _told(kind, "payout.paid", account.clock.now_ms(), scene)
        name = "payout.paid" if kind.is_primary else None
        made.append(WireEvent(told.id, name, kind.type, body, None, None))
    return tuple(made)


def stranger(wire_type: str, account: Account, spec: Spec) -> WireEvent:
    """Make an event of any type about an object that nobody of this story has ever named."""
    told, body = _told(
        EventKind(wire_type, {"id": "{new_id}"}), "", account.clock.now_ms(), _scene(account, spec)
    )
    return WireEvent(told.id, None, wire_type, body, None, None)


def retell(event: WireEvent, account: Account, spec: Spec) -> WireEvent:
    """Make another event of the same fact: another id, the same content."""
    made = _new_id(account, spec)
    body: dict[str, Any] = json.loads(event.body)
    for place in places(spec.webhooks.body, "event.id", spec.shapes):
        put(body, place.removeprefix("$."), made)
    return changed(event, id=made, body=_bytes(body), retells=event.id)


def _scene(account: Account, spec: Spec) -> Scene:
    return Scene(spec, account, home=str(account.shelf.get("home", "")))


def _told(kind: EventKind, name: str, at_ms: int, scene: Scene) -> tuple[Tidings, bytes]:
    told = Tidings(_new_id(scene.account, scene.spec), kind.type, name, at_ms)
    scene = changed(scene, event=told)
    scene = changed(scene, event=changed(told, shown=fill(kind.shows, scene)))
    return told, _bytes(fill(scene.spec.webhooks.body, scene))


def _new_id(account: Account, spec: Spec) -> str:
    return spec.prefix("event") + str(account.ids.make("event", 24))


def _bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
