"""Which of the provider's own events were never accepted, and what it made of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.joined import Delivery

Told = tuple[Delivery, ...]
TOLERANCE_MS = 300_000  # what the providers' own libraries allow between signing and looking


def told_events(history: History) -> Mapping[str, Told]:
    """Give the deliveries of each event that the provider itself sent in time, strangers' too, by fact."""
    told: dict[str, list[Delivery]] = {}
    tolerance_ms = int(history.declares.get("signature_tolerance_ms", TOLERANCE_MS))
    for one in history.deliveries():
        data = one.sent.data
        is_strangers = data["class"] == "foreign" and data["signature"] == "ok" and not data.get("to")
        if (one.is_genuine or is_strangers) and abs(one.skew_ms) <= tolerance_ms:
            told.setdefault(str(data.get("retells") or data["event"]), []).append(one)
    return {event: tuple(deliveries) for event, deliveries in told.items()}


def is_judged(told: Told) -> bool:
    """Say whether every integration has to accept an event: a readable, primary one about its payments."""
    is_readable = told[0].drift != "breaking"
    return told[0].is_genuine and is_readable and told[0].sent.data["name"] is not None


def refused(history: History) -> Iterator[Told]:
    """Give the events none of whose copies and attempts was answered 2xx."""
    return (told for told in told_events(history).values() if not any(one.is_acknowledged for one in told))


def answers(told: Told) -> str:
    """Write what was answered to an event, each answer once."""
    said = [one.answered.data["status"] if one.answered else None for one in told]
    return ", ".join(dict.fromkeys("no answer" if one is None else str(one) for one in said))


def disabling(history: History) -> tuple[Entry, list[Told]] | None:
    """Give the end of an endpoint and the events whose refusal brought it; None: nothing was refused.

    An endpoint that nobody answered for days is disabled as well, but that is the story's doing.
    """
    ended = next(iter(history.of_kind("webhook.disabled")), None)
    if ended is None:
        return None
    given_up = {one.data["event"] for one in history.of_kind("webhook.lost") if one.seq < ended.seq}
    found = [
        told
        for told in refused(history)
        if told[0].sent.data["event"] in given_up
        and told[0].drift != "breaking"
        and any(one.answered is not None and one.answered.data["status"] is not None for one in told)
    ]
    return (ended, found) if found else None
