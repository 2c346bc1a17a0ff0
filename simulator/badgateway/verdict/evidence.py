"""What a play leaves unproven: faults that did not fire, steps not taken, views that nobody could read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from badgateway.journal.entry import Entry
from badgateway.journal.history import History

_ATTACKS = {
    "none": "forged",
    "garbage": "forged",
    "cert_url": "forged",
    "other_tenant": "foreign",
    "stale": "stale",
}


def undermining(history: History) -> Iterator[str]:
    """Say, a sentence each, why the play was not the one that was planned."""
    if not history.started:
        yield "the journal does not say what was planned: it has no run.started"
    fired = history.fired()
    for fault in history.plan.get("faults") or ():
        if fault["index"] not in fired:
            yield f"fault {fault['index']} ({fault['do']} at {_place(fault['at'])}) did not fire"
    yield from _undelivered(history)
    yield from _skipped(history)
    strays = [entry for entry in history.of_kind("run.stray") if not entry.data.get("is_harmless")]
    if strays:
        first = strays[0].data
        yield f"{len(strays)} requests belong to no world, the first is {first['method']} {first['path']}"
    for entry in history.of_kind("run.bounded"):
        yield f"the journal reached its limit of {entry.data['limit']} entries"


def _skipped(history: History) -> Iterator[str]:
    """Say which steps could not apply; one reason for several is said once."""
    skipped: dict[str, list[Entry]] = {}
    for entry in history.of_kind("run.skipped"):
        if not entry.data["is_planned"]:
            skipped.setdefault(str(entry.data["why"]), []).append(entry)
    for why, entries in skipped.items():
        first, more = entries[0], len(entries) - 1
        where = f" of {first.order}" if first.order else ""
        others = f" and {more} more" if more else ""
        were = "were" if more else "was"
        yield f"step {first.data['step']} ({first.data['do']}{where}){others} {were} skipped: {why}"


def unseen(history: History) -> Iterator[str]:
    """Say, a sentence each, what could not be seen although the play went as planned."""
    if not history.is_quiescent:
        yield f"the run did not come to rest: {history.why_not_quiescent}"
    unreadable = [entry for entry in _living_views(history) if not entry.data["is_readable"]]
    for order in dict.fromkeys(entry.order for entry in unreadable):
        problem = next(entry.data["problem"] for entry in unreadable if entry.order == order)
        yield f"the view of {order} could not be read: {problem or 'no reason given'}"


def _living_views(history: History) -> Iterator[Entry]:
    """Give the views that were asked of a living process: one that we killed owes no answer."""
    is_killed = False
    for entry in history.entries:
        if entry.kind in {"process.killed", "process.started"}:
            is_killed = entry.kind == "process.killed"
        elif entry.kind == "view.read" and not is_killed:
            yield entry


def _undelivered(history: History) -> Iterator[str]:
    if not history.of_kind("webhook.sent") and not history.of_kind("webhook.lost"):
        return  # It takes no webhooks: a story about them says nothing about it.
    for delivery in history.plan.get("deliveries") or ():
        event, signature = delivery["event"], delivery.get("signature", "ok")
        if delivery.get("is_of_strangers") or delivery.get("to"):
            strays = (one.data for one in history.of_kind("webhook.sent") if one.data["class"] == "foreign")
            is_done = any(data.get("to") == delivery.get("to") for data in strays)
        elif signature in _ATTACKS:
            classes = {entry.data["class"] for entry in history.of_kind("webhook.sent", event.get("order"))}
            is_done = _ATTACKS[signature] in classes
        else:
            made = [one for one in history.events_made() if _selects(event, one, history)]
            is_done = bool(made)
            if delivery.get("mutate"):
                ids = {one.data["event"] for one in made}
                sent = [one.data for one in history.of_kind("webhook.sent") if one.data["event"] in ids]
                is_done = any(data.get("mutation") for data in sent)
        if not is_done:
            yield f"the planned delivery of {_place(event)} did not come about"


def _selects(event: Mapping[str, Any], entry: Entry, history: History) -> bool:
    if event.get("order") not in {None, entry.order}:
        return False
    if event.get("provider"):
        word = next((word for word in ("wire_type", "name") if entry.data[word] == event["name"]), None)
        at = history.provider_of(entry)
        if word is None or at != event["provider"]:
            return False
        told = [one for one in history.events_made() if one.order == entry.order]
        same = [one.seq for one in told if one.data[word] == event["name"] and history.provider_of(one) == at]
        return event.get("n") in {None, same.index(entry.seq) + 1}
    is_told = entry.data.get("by") is None and entry.data["name"] == event["name"]
    return is_told and event.get("n") in {None, entry.data["n"]}


def _place(selector: Any) -> str:
    """Write a selector as the scenario does."""
    if not isinstance(selector, Mapping):
        return str(selector)
    head = f"{selector['provider']}:" if selector.get("provider") else ""
    head += f"{selector['order']}." if selector.get("order") and not head else ""
    count = "*" if selector.get("n") is None else selector["n"]
    return head + str(selector["name"]) + ("" if selector["name"] == "*" else f"[{count}]")
