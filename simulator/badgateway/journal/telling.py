"""In which order a provider's events were told to the integration, in names that two plays share."""

from __future__ import annotations

from collections import Counter

from badgateway.journal.history import History

Fact = tuple[str | None, str, int]


def _facts(history: History, order: str | None) -> dict[str, Fact]:
    counts: Counter[tuple[str | None, str]] = Counter()
    named: dict[str, Fact] = {}
    for event in history.of_kind("event.created", order):
        kind = (event.order, str(event.data["wire_type"]))
        counts[kind] += 1
        named[event.data["event"]] = (*kind, counts[kind])
    return named


def plainly_told(history: History, order: str | None = None) -> tuple[Fact, ...]:
    """Give the events as the provider made them, once each."""
    return tuple(_facts(history, order).values())


def told(history: History, order: str | None = None) -> tuple[Fact, ...]:
    """Give the events as they were delivered, every copy and every attempt."""
    named = _facts(history, order)
    sent = (one.sent for one in history.deliveries(order) if one.is_telling)
    ids = (one.data.get("retells") or one.data["event"] for one in sent)
    return tuple(named[known] for known in ids if known in named)


def is_same_story(one: History, other: History, order: str) -> bool:
    """Say whether two plays moved the same money and told the same facts of an order."""
    return (
        sorted(_movements(one, order)) == sorted(_movements(other, order))
        and set(told(one, order)) == set(told(other, order))
        and _decisions(one, order) == _decisions(other, order)
    )


def _movements(history: History, order: str) -> list[tuple[str, int, str]]:
    return [
        (entry.data["kind"], entry.data["amount_minor"], entry.data["currency"])
        for entry in history.of_kind("ledger.entry", order)
    ]


def _decisions(history: History, order: str) -> list[tuple[int, str, object]]:
    # A look decides nothing, and an order that stands wrong is looked at more often until it rests.
    return sorted(
        (int(done.invoked.data["step"]), done.do, done.invoked.data["amount_minor"] or 0)
        for done in history.operations(order)
        if done.do != "sync"
    )
