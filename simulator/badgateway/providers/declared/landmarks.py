"""Where a declared provider's bodies keep what a story may aim at, found in its own templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.ground.mutation import ELSE, Landmarks
from badgateway.providers.declared.model import Spec
from badgateway.providers.declared.templates import places

_REQUIRED = ("event_id", "type", "object", "id", "status", "amount", "currency", "error")


def event_landmarks(spec: Spec) -> Landmarks:
    """Give where its webhooks keep what."""
    envelope, shapes = spec.webhooks.body, spec.shapes
    objects = places(envelope, "event.object", shapes)
    shown = [kind.shows for kinds in spec.webhooks.events.values() for kind in kinds]
    inside = {
        word: tuple(
            f"{place}{path.removeprefix('$')}"
            for place in objects
            for one in shown
            for path in _places(one, names, spec)
        )
        for word, names in _names(spec).items()
    }
    words = {
        **inside,
        "event_id": places(envelope, "event.id", shapes),
        "type": places(envelope, "event.type", shapes),
        "object": objects,
    }
    return _landmarks(words, ("event_id", "type", "id"))


def reply_landmarks(spec: Spec) -> Landmarks:
    """Give where its answers keep what."""
    bodies = [route.replies.body for route in spec.routes]
    bodies += [error.body for error in spec.errors.values()]
    words = {
        word: tuple(path for body in bodies for path in _places(body, names, spec))
        for word, names in _names(spec).items()
    }
    # A decline may be an answer like any other, which says why in the words of a table.
    reasons = tuple(f"words.{name}" for name, table in spec.words.items() if table.of == "failure")
    words["error"] = tuple(
        path
        for one in spec.errors.values()
        for path in _places(one.body, ("error.code", "error.message", *reasons), spec)
    )
    words["object"] = ("$",)
    return _landmarks(words, ("id",))


def _names(spec: Spec) -> Mapping[str, tuple[str, ...]]:
    # The file lists its most telling table first.
    tables = tuple(f"words.{name}" for name, table in spec.words.items() if table.of == "payment")[:1]
    others = tuple(f"words.{name}" for name, table in spec.words.items() if table.of in {"attempt", "refund"})
    ids = tuple(f"ids.{kind}" for kind in spec.ids)
    return {
        "id": ("payment.id", "attempt.id", "refund.id", *ids),
        "status": (*tables, *others),
        "amount": ("payment.amount", "attempt.amount", "refund.amount"),
        "currency": ("payment.currency", "payment.currency_lower", "refund.currency"),
        "reference": ("payment.reference",),
        "optional": tuple(
            f"{one}.created{unit}" for one in ("payment", "refund", "event") for unit in ("", "_s")
        ),
    }


def _places(template: Any, names: tuple[str, ...], spec: Spec) -> tuple[str, ...]:
    return tuple(path for name in names for path in places(template, name, spec.shapes))


def _landmarks(words: Mapping[str, tuple[str, ...]], thin: tuple[str, ...]) -> Landmarks:
    found = {word: ELSE.join(dict.fromkeys(paths)) for word, paths in words.items() if paths}
    kept = [found[word] for word in thin if word in found]
    found |= {"thin": ELSE.join(kept)} if kept else {}
    return Landmarks(found, tuple(word for word in _REQUIRED if word in found))
