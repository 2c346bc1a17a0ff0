"""Webhook events: which ones a happening makes, in Stripe's order, each with the snapshot it happened to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from badgateway.ground.records import changed
from badgateway.payments.model import Attempt, Happening, Status
from badgateway.providers.base import Account, WireEvent
from badgateway.providers.stripe.call import API_VERSION
from badgateway.providers.stripe.charge_object import charge_object
from badgateway.providers.stripe.checkout import SESSION, follow
from badgateway.providers.stripe.dispute_object import dispute_object
from badgateway.providers.stripe.disputing import watch
from badgateway.providers.stripe.envelope import envelope
from badgateway.providers.stripe.intent_object import payment_intent_object
from badgateway.providers.stripe.refund_object import refund_object
from badgateway.providers.stripe.render import changes, to_bytes
from badgateway.providers.stripe.saving import keep_for_later
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.versions import data_in_version, event_version


@dataclass(frozen=True, slots=True)
class Kind:
    """One wire event of a happening: type, the object it carries, and whether it is the primary one."""

    type: str
    shows: str  # payment_intent | charge | refund | dispute
    is_primary: bool = False
    has_before: bool = False  # it says what was different before
    family: str = "1"  # in the ids of its events


def _kinds(text: str) -> tuple[Kind, ...]:
    """Read `type:object` words; the one with a star is primary."""
    return tuple(_kind(word) for word in text.split())


def _kind(word: str) -> Kind:
    name, _, shows = word.rstrip("*").partition(":")
    has_before = name.endswith(".updated") or name == "charge.refunded"
    family = "3" if shows in {"payment_intent", "charge", "refund"} else "1"
    return Kind(name, shows, word.endswith("*"), has_before, family)


# Source: the order in which Stripe was seen to make them; README.md says where it was not seen.
_CAPTURED = _kinds("charge.captured:charge payment_intent.succeeded:payment_intent*")
_REST_RELEASED = _kinds("charge.updated:charge payment_intent.succeeded:payment_intent*")
_PART_CAPTURED = _kinds("charge.captured:charge payment_intent.amount_capturable_updated:payment_intent*")
_INCREMENTED = _kinds("charge.updated:charge payment_intent.amount_capturable_updated:payment_intent*")
_NOT_AUTHENTICATED = _kinds("payment_intent.payment_failed:payment_intent*")
_RELEASED = _kinds("payment_intent.canceled:payment_intent* charge.refunded:charge")
_REFUND_PENDING = _kinds("refund.created:refund charge.refunded:charge")
_REFUND_ARRIVED = _kinds("refund.updated:refund* charge.refund.updated:refund")
_USUAL: Mapping[str, tuple[Kind, ...]] = {
    "payment.created": _kinds("payment_intent.created:payment_intent"),
    "payment.action_required": _kinds("payment_intent.requires_action:payment_intent"),
    "payment.pending": _kinds("charge.pending:charge payment_intent.processing:payment_intent*"),
    "payment.authorized": _kinds(
        "charge.succeeded:charge payment_intent.amount_capturable_updated:payment_intent*"
    ),
    "payment.succeeded": _kinds("charge.succeeded:charge payment_intent.succeeded:payment_intent*"),
    "payment.failed": _kinds("charge.failed:charge payment_intent.payment_failed:payment_intent*"),
    "payment.voided": _kinds("payment_intent.canceled:payment_intent*"),
    "payment.expired": _kinds("charge.expired:charge* payment_intent.canceled:payment_intent"),
    "capture.failed": _kinds("charge.failed:charge* payment_intent.payment_failed:payment_intent"),
    "refund.created": _kinds("refund.created:refund"),
    "refund.succeeded": _kinds("charge.refunded:charge* refund.updated:refund charge.refund.updated:refund"),
    "refund.failed": _kinds("refund.failed:refund* refund.updated:refund charge.refund.updated:refund"),
    "dispute.opened": _kinds("charge.dispute.created:dispute* charge.dispute.funds_withdrawn:dispute"),
    "dispute.contested": _kinds("charge.dispute.updated:dispute"),
    "dispute.won": _kinds("charge.dispute.closed:dispute* charge.dispute.funds_reinstated:dispute"),
    "dispute.lost": _kinds("charge.dispute.closed:dispute*"),
}
_FOLLOWED = {"payment.succeeded", "payment.authorized", "payment.failed"}
_ENDED = {Status.VOIDED, Status.EXPIRED}
_SEQ_OF, _KIND_OF = attrgetter("seq"), attrgetter("kind")


def kinds_of(happening: Happening) -> tuple[Kind, ...]:
    """Give the wire events of a happening, in the order in which Stripe makes them."""
    moves = set(map(_KIND_OF, happening.ledger))
    match happening.name:
        case "payment.succeeded" if "auth" not in moves or _was_held(happening):
            found = _CAPTURED if "capture" in moves else _REST_RELEASED
        case "payment.authorized" if happening.before and happening.before.held_minor and "auth" in moves:
            found = _INCREMENTED
        case "payment.authorized" if "auth" not in moves:
            found = _PART_CAPTURED
        case "payment.failed" if not _is_attempted(happening):
            found = _NOT_AUTHENTICATED
        case "payment.voided" if moves:
            found = _RELEASED
        case "refund.created" if happening.refund is not None and happening.refund.status == "pending":
            found = _REFUND_PENDING
        case "dispute.opened" | "dispute.won" | "dispute.lost" if not moves:
            # An inquiry moves no money.
            found = _USUAL[happening.name][:1]
        case "dispute.contested" if not happening.cause.startswith("act:"):
            # Whoever hands evidence in by a call changes more than that, and is told of all of it.
            found = ()
        case "refund.succeeded" if not moves:
            found = _REFUND_ARRIVED
        case name:
            found = _USUAL.get(name, ())
    return found


def render_events(happening: Happening, account: Account, *, is_kept: bool = True) -> tuple[WireEvent, ...]:
    """Render the events of one happening; kept ones can be asked for at GET /v1/events."""
    payment, on_shelf, at_s = happening.payment, shelf(account), happening.at_ms // 1000
    if payment.status in _ENDED:
        on_shelf.ended_s.setdefault(payment.id, at_s)
    if is_kept:
        if "setup_future_usage" in payment.details:
            keep_for_later(payment, account)
        if SESSION in payment.details and happening.name in _FOLLOWED:
            follow(payment, account)
        if happening.name == "payment.succeeded":
            watch(payment, account, on_shelf)
    version = event_version(account, on_shelf)
    facts = tuple(map(_SEQ_OF, happening.ledger)) if happening.ledger else ()
    events = []
    for kind in kinds_of(happening):
        if kind.shows == "payment_intent":
            shown = payment_intent_object(payment, account)
        else:
            shown = _part(kind, happening, account)
        data: dict[str, Any] = {"object": shown}
        if kind.has_before:
            data["previous_attributes"] = changes(_shown_before(kind, happening, account), shown)
        if version != API_VERSION:
            data = data_in_version(data, version, account)
        body = envelope(kind.type, data, account, on_shelf, at_s, happening.cause, kind.family, version)
        events.append(
            # Fields at their places: this is done for every change.
            WireEvent(
                body["id"],
                happening.name if kind.is_primary else None,
                kind.type,
                on_shelf.remember(body) if is_kept else to_bytes(body),
                payment.id,
                payment.order_ref,
                str(payment.status),
                facts,
                happening.cause,
            )
        )
    return tuple(events)


def _part(kind: Kind, happening: Happening, account: Account) -> dict[str, Any]:
    """Show the part of a payment that an event is about."""
    if kind.shows == "charge":
        return charge_object(_attempt(happening), happening.payment, account)
    if kind.shows == "refund":
        assert happening.refund is not None, "a refund's event has its refund"
        return refund_object(happening.refund, account, is_new=kind.type == "refund.created")
    assert happening.dispute is not None, "a dispute's event has its dispute"
    return dispute_object(happening.dispute, happening.payment, account)


def _shown_before(kind: Kind, happening: Happening, account: Account) -> dict[str, Any]:
    before, refund = happening.before, happening.refund
    if kind.shows == "payment_intent" and before is not None:
        return payment_intent_object(before, account)
    if kind.shows == "charge" and refund is not None:
        # The book counts a refund in its first happening already, and this is told with its last.
        attempt = _attempt(happening)
        less = changed(attempt, refunded_minor=attempt.refunded_minor - refund.amount_minor)
        return charge_object(less, happening.payment, account)
    if kind.shows == "charge" and before is not None:
        wanted = _attempt(happening).id
        known = next((attempt for attempt in before.attempts if attempt.id == wanted), None)
        return charge_object(known, before, account) if known else {}
    if kind.shows == "dispute" and happening.dispute is not None:
        return dispute_object(changed(happening.dispute, is_contested=False), happening.payment, account)
    return _refund_before(happening, account) if kind.shows == "refund" else {}


def _refund_before(happening: Happening, account: Account) -> dict[str, Any]:
    refund = happening.refund
    assert refund is not None, "a refund's event has its refund"
    is_arrival = happening.name == "refund.succeeded" and not happening.ledger
    if is_arrival or refund.status == "failed":
        return refund_object(changed(refund, status=_told_status(refund.id, account)), account)
    return refund_object(refund, account, is_new=True)


def _told_status(refund_id: str, account: Account) -> str:
    """Give the status that was last told of a refund, before the happening that is being told."""
    return str(shelf(account).told_refunds.get(refund_id, "succeeded"))


def _attempt(happening: Happening) -> Attempt:
    """Give the attempt that an event is about: the refunded one, or the last."""
    attempts = happening.payment.attempts
    if happening.refund is None:
        return attempts[-1]
    wanted = happening.refund.attempt_id
    return next((attempt for attempt in attempts if attempt.id == wanted), attempts[-1])


def _was_held(happening: Happening) -> bool:
    """Say whether money was held before: then what is held now is what a capture takes beyond it."""
    return happening.before is not None and happening.before.held_minor > 0


def _is_attempted(happening: Happening) -> bool:
    """Say whether a failure was one of an attempt; a challenge that was not passed has none."""
    attempts = happening.payment.attempts
    return bool(attempts) and attempts[-1].failure == happening.payment.failure
