"""Effects of an order as the sink and the views tell them: how often each happened, and when first."""

from __future__ import annotations

from dataclasses import dataclass

from badgateway.journal.belief import HANDED, handed_over
from badgateway.journal.entry import Entry
from badgateway.journal.history import History


@dataclass(frozen=True, slots=True)
class Happened:
    """One count of an effect: the entry at which it was reached, and how it is known."""

    effect: str
    count: int
    entry: Entry


def counted(history: History, order: str, effect: str) -> tuple[Happened, ...]:
    """Give the counts of an effect, oldest first: in the views, then at the sink.

    What the sink took under a key that it knew already was done once; what it did not take was not done.
    """
    shown = [
        Happened(effect, int((view.data["effects"] or {}).get(effect, 0)), view)
        for view in history.views(order)
    ]
    return (
        *(one for one in shown if one.count),
        *(Happened(effect, n, one) for n, one in enumerate(_done(history, order, effect), 1)),
    )


def first_handed_over(history: History, order: str) -> Entry | None:
    """Give the first view or arrival at the sink that shows goods, access or credit handed over."""
    given: list[Entry] = [view for view in history.views(order) if handed_over(view)]
    given += [
        one for one in _done(history, order) if any(word in one.data["effect"].lower() for word in HANDED)
    ]
    return min(given, key=lambda entry: entry.seq, default=None)


def owed(history: History, order: str) -> tuple[tuple[str, Entry], ...]:
    """Give the effects that an order has earned at rest and the sink never took, with its final view."""
    view = history.final_view(order)
    doors = history.declares.get("effects_due") or {}
    due = [name for name, status in doors.items() if view is not None and view.data["status"] == status]
    return tuple((name, view) for name in due if view is not None and not _done(history, order, name))


def _done(history: History, order: str, effect: str | None = None) -> list[Entry]:
    return [
        one
        for one in history.of_kind("effect.seen", order)
        if one.data["is_taken"] and not one.data["is_again"] and effect in {None, one.data["effect"]}
    ]
