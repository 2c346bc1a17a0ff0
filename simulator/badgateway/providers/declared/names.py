"""The declared names that a template may reach, and nothing else; each with what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from badgateway.ground.clock import utc_text
from badgateway.payments.decisions import CARDS, FAILURES
from badgateway.payments.model import Capture, Payment, Status
from badgateway.providers.declared.amounts import to_wire
from badgateway.providers.declared.model import steps_of
from badgateway.providers.declared.scene import Scene

Value = Callable[[Scene], Any]


def _of(part: str, give: Callable[[Any], Any]) -> Value:
    def value(scene: Scene) -> Any:
        found = getattr(scene, part)
        return None if found is None else give(found)

    return value


def _money(part: str, minor: Callable[[Any], int | None]) -> Value:
    def value(scene: Scene) -> Any:
        found = getattr(scene, part)
        amount = None if found is None else minor(found)
        holder = scene.payment if part == "attempt" else found
        if amount is None or holder is None:
            return None
        return to_wire(amount, holder.currency, scene.spec)

    return value


def _moments(part: str, give: Callable[[Any], int]) -> dict[str, Value]:
    return {
        f"{part}.created_s": _of(part, lambda found: give(found) // 1000),
        f"{part}.created_ms": _of(part, give),
        f"{part}.created": _of(part, lambda found: utc_text(give(found))),
    }


# Where a table of a subject has no word for a finer state, it is asked for this one instead.
NEARER: Mapping[str, Mapping[str, str]] = {
    "payment": {
        "declined": "new", "disputed": "captured", "partially_captured": "authorized",
        "partially_refunded": "captured", "refunded": "captured",
    },
    "dispute": {"inquiry": "open"},
}  # fmt: skip
STATES: Mapping[str, tuple[str, ...]] = {
    "payment": ("new", "action", "pending", "authorized", "captured", "voided", "expired"),
    "attempt": ("pending", "authorized", "captured", "failed", "released"),
    "refund": ("pending", "succeeded", "failed", "cancelled"),
    "dispute": ("open", "won", "lost"),
    "failure": tuple(FAILURES),
    "capture": ("automatic", "manual"),
    "card": tuple(CARDS),
}
_PLAIN = {Status.NEW: "new", Status.ACTION: "action", Status.PENDING: "pending", Status.VOIDED: "voided",
          Status.EXPIRED: "expired"}  # fmt: skip


def state_of(payment: Payment) -> str:
    """Give the finest word for where a payment stands; NEARER says which are coarser."""
    if payment.status is Status.NEW:
        return "declined" if payment.failure is not None else "new"
    if payment.status is Status.AUTHORIZED:
        return "partially_captured" if payment.captured_minor else "authorized"
    if payment.status is not Status.SUCCEEDED:
        return _PLAIN[payment.status]
    if payment.is_disputed:
        return "disputed"
    if payment.refunded_minor >= payment.captured_minor:
        return "refunded"
    return "partially_refunded" if payment.refunded_minor else "captured"


def word(name: str, scene: Scene) -> Any:
    """Give a table's word for what a scene is about; null where the scene is about nothing of the kind."""
    words = scene.spec.words[name]
    state = _state(words.of, scene)
    nearer = NEARER.get(words.of, {})
    while state is not None and state not in words.table and state in nearer:
        state = nearer[state]
    return None if state is None else words.table.get(state, words.table.get("else"))


def _state(of: str, scene: Scene) -> str | None:
    payment = scene.payment
    if of in {"attempt", "refund", "dispute"}:
        found = getattr(scene, of)
        dispute = scene.dispute
        is_only_asked = dispute is not None and found is dispute and dispute.is_inquiry
        state = None if found is None else str(found.status)
        return "inquiry" if is_only_asked and state == "open" else state
    if payment is None:
        return None
    if of == "payment":
        return state_of(payment)
    if of == "failure":
        why = payment.failure or (scene.attempt.failure if scene.attempt else None)
        return why.code if why else None
    if of == "capture":
        return payment.capture.value
    return next((word for word, token in scene.spec.cards.items() if token == payment.method), "approved")


def _challenge(scene: Scene) -> str | None:
    """Give the address of the page on which the payment's shopper is asked; null while nobody asks."""
    asks, payment = scene.spec.challenge, scene.payment
    if asks is None or payment is None or payment.status is not Status.ACTION:
        return None
    steps = (spelled(step[1:-1], scene) if step.startswith("{") else step for step in steps_of(asks.page))
    return "/".join((scene.home, *map(str, steps)))


NAMES: Mapping[str, Value] = {
    "payment.id": _of("payment", lambda one: one.id),
    "payment.amount": _money("payment", lambda one: one.amount_minor),
    "payment.held": _money("payment", lambda one: one.held_minor),
    "payment.captured": _money("payment", lambda one: one.captured_minor),
    "payment.refunded": _money("payment", lambda one: one.refunded_minor),
    "payment.refundable": _money("payment", lambda one: one.captured_minor - one.refunded_minor),
    "payment.currency": _of("payment", lambda one: one.currency),
    "payment.currency_lower": _of("payment", lambda one: one.currency.lower()),
    "payment.reference": _of("payment", lambda one: one.order_ref),
    "payment.method": _of("payment", lambda one: one.method),
    "payment.is_manual": _of("payment", lambda one: one.capture is Capture.MANUAL),
    "payment.is_captured": _of("payment", lambda one: one.captured_minor > 0),
    "payment.is_refunded": _of("payment", lambda one: one.refunded_minor > 0),
    "payment.is_held": _of("payment", lambda one: one.held_minor > 0),
    "payment.is_failed": _of("payment", lambda one: one.failure is not None),
    "payment.is_waiting": _of("payment", lambda one: one.status in {Status.ACTION, Status.PENDING}),
    "payment.challenge": _challenge,
    "payment.attempts": _of("payment", lambda one: len(one.attempts)),
    **_moments("payment", lambda one: one.created_ms),
    "attempt.id": lambda scene: scene.attempt and scene.spec.prefix("attempt") + scene.attempt.id,
    "attempt.amount": _money("attempt", lambda one: one.amount_minor),
    **_moments("attempt", lambda one: one.created_ms),
    "refund.id": _of("refund", lambda one: one.id),
    "refund.amount": _money("refund", lambda one: one.amount_minor),
    "refund.currency": _of("refund", lambda one: one.currency),
    "refund.reason": _of("refund", lambda one: one.reason),
    **_moments("refund", lambda one: one.created_ms),
    "dispute.id": _of("dispute", lambda one: one.id),
    "dispute.amount": _money("dispute", lambda one: one.amount_minor),
    "dispute.currency": _of("dispute", lambda one: one.currency),
    "dispute.reason": _of("dispute", lambda one: one.reason),
    **_moments("dispute", lambda one: one.created_ms),
    "payout.id": _of("payout", lambda one: one.id),
    "payout.amount": _money("payout", lambda one: one.amount_minor),
    "payout.currency": _of("payout", lambda one: one.currency),
    "error.code": _of("error", lambda one: one.code),
    "error.word": _of("error", lambda one: one.word),
    "error.message": _of("error", lambda one: one.message),
    "error.param": _of("error", lambda one: one.param),
    "error.status": _of("error", lambda one: one.status),
    "event.id": _of("event", lambda one: one.id),
    "event.type": _of("event", lambda one: one.type),
    "event.name": _of("event", lambda one: one.name),
    "event.object": _of("event", lambda one: one.shown),
    **_moments("event", lambda one: one.at_ms),
    "page.count": _of("page", lambda one: len(one.items)),
    "page.total": _of("page", lambda one: one.total),
    "page.has_more": _of("page", lambda one: one.skipped + len(one.items) < one.total),
    "request.id": lambda scene: scene.account.request_id,
    "account.key": lambda scene: scene.account.api_key,
    "new_id": lambda scene: scene.account.ids.make("object", 26),
    "home": lambda scene: scene.home,
    "now_s": lambda scene: scene.account.clock.now_s(),
    "now_ms": lambda scene: scene.account.clock.now_ms(),
    "now": lambda scene: utc_text(scene.account.clock.now_ms()),
}
EACH = ("refunds", "attempts", "disputes", "page")


def value(name: str, scene: Scene) -> Any:
    """Give what a declared name stands for; the file was checked, so every name is known."""
    if name in NAMES:
        return NAMES[name](scene)
    family, _, rest = name.partition(".")
    match family:
        case "words":
            return word(rest, scene)
        case "sent":
            return scene.sent.get(rest)
        case "remembered":
            return scene.payment.details.get(rest) if scene.payment is not None else None
        case _:
            assert family == "ids", name
            return spelled(rest, scene)


def spelled(kind: str, scene: Scene) -> str | None:
    """Give the id of an object that the book does not know: it is spelled after its payment."""
    bare = scene.payment.id.removeprefix(scene.spec.prefix("payment")) if scene.payment else None
    return None if bare is None else scene.spec.prefix(kind) + bare


def known_names(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Give every name that the templates of a file may use; the file is given as it was read."""
    own = [
        *(f"words.{name}" for name in spec.get("words") or ()),
        *(f"remembered.{name}" for name in spec.get("remembers") or ()),
        *(f"ids.{name}" for name in spec.get("ids") or ()),
        *(f"shape.{name}" for name in spec.get("shapes") or ()),
        *(f"sent.{name}" for name in ("amount", "currency", "reference", "reason", "method")),
    ]
    return (*NAMES, *own)
