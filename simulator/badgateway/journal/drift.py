"""What came in words of another version, what became of it, and which facts nobody could read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from badgateway.journal.belief import changes, false_amounts
from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.joined import Delivery

BREAKING = "breaking"


@dataclass(frozen=True, slots=True)
class Drifted:
    """One event with all its deliveries, or one answer, whose words (not only bytes) were changed."""

    first: Entry  # what brought it first
    last: Entry | None  # what was answered to it last; None: it is an answer itself
    name: str
    drift: str  # compatible | unclear | breaking
    is_accepted: bool = False  # an event that was answered 2xx
    given_up: Entry | None = None  # an event that was answered 5xx, or not at all, until the provider gave up
    facts: tuple[int, ...] = ()  # the ledger's numbers of what an event tells

    @property
    def is_event(self) -> bool:
        """Say whether it is a webhook event."""
        return self.first.kind == "webhook.sent"


def drifted(history: History, order: str) -> tuple[Drifted, ...]:
    """Give what came to an order in other words, in the order of its first coming."""
    events: dict[str, list[Delivery]] = {}
    for one in history.deliveries(order):
        if one.is_genuine and one.drift not in {None, "same"}:
            events.setdefault(str(one.sent.data["event"]), []).append(one)
    found = [_event(history, told) for told in events.values()]
    for call in history.calls(order):
        if call.mutated is not None and call.mutated.data["drift"] != "same" and call.answered is not None:
            name = f"the answer to {call.op} with {call.mutated.data['mutation']}"
            found.append(Drifted(call.answered, None, name, str(call.mutated.data["drift"])))
    return tuple(sorted(found, key=lambda one: one.first.seq))


def _event(history: History, told: list[Delivery]) -> Drifted:
    data = told[0].sent.data
    statuses = [one.answered.data["status"] if one.answered else None for one in told]
    lost = [one for one in history.of_kind("webhook.lost") if one.data["event"] == data["event"]]
    is_vain = all(status is None or status >= 500 for status in statuses)
    return Drifted(
        told[0].sent,
        told[-1].answered,
        f"{data['wire_type']} with {data['mutation']}",
        str(data["drift"]),
        any(one.is_acknowledged for one in told),
        next((one for one in lost if one.data["why"] == "exhausted" and is_vain), None),
        tuple(told[0].event.data["facts"] or ()) if told[0].event else (),
    )


def lie_after(history: History, order: str, one: Drifted) -> tuple[Entry, str] | None:
    """Give the first view after something drifted, where it claims what was never true, and the claim.

    What a view claimed before is not its doing; what a view shows that is true by then was looked up.
    """
    views = history.views(order)
    follows = next((view for view in views if view.seq > one.first.seq), None)
    lies = [(change.after, change.sentence) for change in changes(history, order) if not change.is_justified]
    lies += [(view, untrue) for view in views if (untrue := false_amounts(history, order, view))]
    if follows is None or any(view.seq < one.first.seq for view, _ in lies):
        return None
    return next(((view, said) for view, said in lies if view.seq == follows.seq), None)


def followed(history: History, order: str, one: Drifted) -> Delivery | None:
    """Give the first event about money in today's words that came after one which a reader copes with.

    None where the drifted one told of money itself in words that nobody knows: without it, what comes after
    need not make sense to whoever cannot ask.
    """
    moving = {entry.data["seq"] for entry in history.of_kind("ledger.entry", order)}
    if one.drift == BREAKING or (one.drift == "unclear" and moving.intersection(one.facts)):
        return None
    for other in history.deliveries(order):
        facts = other.event.data["facts"] or () if other.event else ()
        is_later = other.sent.seq > one.first.seq and other.sent.data["event"] != one.first.data.get("event")
        is_plain = other.is_genuine and other.is_telling and other.sent.data["name"] is not None
        if is_later and is_plain and moving.intersection(facts):
            return other
    return None


def veiled(history: History) -> frozenset[int]:
    """Give the ledger's numbers of facts that came in words which nobody needs to understand.

    Whoever accepts an event without its id or amount claims to have understood it: that one is not veiled.
    """
    return frozenset(_veiled(history))


def _veiled(history: History) -> Iterator[int]:
    for one in history.deliveries():
        is_claimed = one.drift == BREAKING and one.is_acknowledged
        if one.is_genuine and not one.is_telling and not is_claimed and one.event is not None:
            yield from one.event.data["facts"] or ()
