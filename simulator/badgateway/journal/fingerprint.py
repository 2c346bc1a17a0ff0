"""What makes two plays the same: their ordered happenings, without identifiers, amounts and times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badgateway.journal.entry import Entry

Happening = tuple[str, ...]
OVERLAP = "overlap"  # of a webhook that is sent again while its first copy is worked on

# Only what the story names is kept. Kinds that are not here hold nothing that a repeated play must repeat.
_KEPT: Mapping[str, tuple[str, ...]] = {
    "run.phase": ("name",),
    "run.skipped": ("step", "do", "is_planned"),
    "run.barrier": ("is_achieved", "strength"),
    "run.stray": ("method",),
    "run.bounded": (),
    "run.advanced": ("why",),
    "run.finished": ("is_quiescent",),
    "fault.fired": ("fault", "at", "phase", "do"),
    "op.invoked": ("step", "do"),
    "op.returned": ("do", "outcome", "status"),
    "op.acted": ("do",),
    "load.answered": ("load", "on", "n", "is_in_time", "is_control"),
    "call.arrived": ("op", "n"),
    "call.committed": ("is_applied", "is_replayed", "status", "refusal", "payment_status"),
    "call.answered": ("status", "effect", "body_status"),
    "ledger.entry": ("kind",),
    "settlement.payout": ("currency",),
    "settlement.line": ("term", "flaw"),
    "settlement.report": ("currency",),
    "settlement.read": ("is_readable",),
    "reconciliation.read": ("is_readable",),
    "event.created": ("name", "wire_type", "n"),
    "webhook.sent": ("name", "wire_type", "attempt", "copy", "class", "how", "signature"),
    "webhook.answered": ("status",),
    "webhook.lost": ("name", "why"),
    "webhook.disabled": ("given_up",),
    "effect.seen": ("effect", "is_taken", "is_again"),
    "canary.seen": ("canary", "place", "form"),
    "view.read": ("status", "effects", "is_readable"),
    "process.started": (),
    "process.killed": (),
    "process.exited": ("is_expected",),
}
# Members of a race may take turns either way: what was asked and what became of it stays, who was first goes.
_IN_RACE: Mapping[str, tuple[str, ...]] = {
    "fault.fired": ("fault", "at", "phase", "do"),
    "op.invoked": ("step", "do"),
    "op.returned": ("do", "outcome"),
    "ledger.entry": ("kind",),
    "webhook.sent": ("name", "wire_type", "attempt", "class", "how", "signature"),
    "webhook.answered": ("status",),
    "effect.seen": ("effect", "is_taken", "is_again"),
}


@dataclass(slots=True)
class _Names:
    """The symbolic names under which the story knows calls and deliveries."""

    calls: dict[str, Happening]
    deliveries: dict[str, Happening]


def happenings(entries: Iterable[Entry]) -> tuple[Happening, ...]:
    """Give the ordered happenings of a play; a view that was read again and says nothing new is left out."""
    told: dict[str | None, Happening] = {}
    names = _Names({}, {})
    out = []
    for entry in entries:
        happening = _happening(entry, _KEPT, names)
        if happening is None or (entry.kind == "view.read" and told.get(entry.order) == happening):
            continue
        if entry.kind == "view.read":
            told[entry.order] = happening
        out.append(happening)
    return tuple(out)


def fingerprint(entries: Iterable[Entry]) -> str:
    """Give 16 hex digits that are equal for equal happenings."""
    return _digest(happenings(entries))


def fingerprint_outside_races(entries: Sequence[Entry]) -> str:
    """Give a fingerprint that does not depend on who won a deliberate race: its members are sorted."""
    told: dict[str | None, Happening] = {}
    names = _Names({}, {})
    out: list[Happening] = []
    racing: list[Happening] = []
    windows = _races(entries)
    for place, entry in enumerate(entries):
        is_racing = any(start <= place <= end for start, end in windows)
        if racing and not is_racing:
            out += [("race",), *sorted(racing), ("race over",)]
            racing = []
        happening = _happening(entry, _IN_RACE if is_racing else _KEPT, names, is_counted=not windows)
        if happening is None:
            continue
        if entry.kind == "view.read":
            if told.get(entry.order) == happening:
                continue
            told[entry.order] = happening
        (racing if is_racing else out).append(happening)
    return _digest((*out, *sorted(racing)))


def _races(entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Find where deliberate races begin and end: steps played together, and copies sent at once."""
    members: dict[tuple[str, Any], list[int]] = {}
    owners: dict[str, tuple[str, Any]] = {}
    for place, entry in enumerate(entries):
        data = entry.data
        group: tuple[str, Any] | None = None
        if entry.kind == "op.invoked":
            group = owners[data["op"]] = ("step", data["step"])
        elif entry.kind == "webhook.sent" and data["how"] == "with":
            group = owners[data["delivery"]] = ("step", _next_step(entries, place))
        elif entry.kind == "webhook.sent" and data["how"] == "at_once":
            group = owners[data["delivery"]] = ("burst", (data["retells"] or data["event"], data["attempt"]))
        elif entry.kind == "webhook.sent" and data["how"] == "overlap":
            group = owners[data["delivery"]] = (OVERLAP, data["event"])
        elif entry.kind in {"op.returned", "webhook.answered"}:
            group = owners.get(data["op" if entry.kind == "op.returned" else "delivery"])
        if group is not None:
            members.setdefault(group, []).append(place)
    lasting = [(places[0], places[-1]) for (kind, _), places in members.items() if kind == OVERLAP]
    found = [
        window
        for (kind, _), places in members.items()
        if kind != OVERLAP
        for window in _overlaps(entries, places)
    ]
    return [*found, *lasting]


def _next_step(entries: Sequence[Entry], place: int) -> Any:
    """Give the step whose operation a delivery was kept for: the next one that is invoked."""
    later = (entry.data["step"] for entry in entries[place:] if entry.kind == "op.invoked")
    return next(later, None)


def _overlaps(entries: Sequence[Entry], places: Sequence[int]) -> list[tuple[int, int]]:
    """Find where two of a group were under way at a time; open, then pay only follow each other."""
    found, under_way, most, start = [], 0, 0, 0
    for place in places:
        if entries[place].kind in {"op.invoked", "webhook.sent"}:
            start = place if under_way == 0 else start
            under_way += 1
            most = max(most, under_way)
            continue
        under_way -= 1
        if under_way == 0:
            if most > 1:
                found.append((start, place))
            most = 0
    # A race that was broken off lasts to its last sign of life.
    return [*found, (start, places[-1])] if most > 1 else found


def _happening(
    entry: Entry, kept: Mapping[str, tuple[str, ...]], names: _Names, *, is_counted: bool = True
) -> Happening | None:
    data = entry.data
    if entry.kind == "call.arrived":
        count = str(data["n"]) if is_counted else ""
        names.calls[data["call"]] = (str(data["op"]), count)
    elif entry.kind == "webhook.sent":
        names.deliveries[data["delivery"]] = (str(data["name"]), str(data["wire_type"]))
    # When an integration walks away from a call that nobody answers is up to its own clock.
    if entry.kind not in kept or (entry.kind == "call.answered" and data["status"] is None):
        return None
    fields = tuple(_word(data[name]) for name in kept[entry.kind] if is_counted or name != "n")
    if entry.kind in {"call.committed", "call.answered"}:
        fields = (*names.calls.get(data["call"], ()), *fields)
    elif entry.kind == "webhook.answered":
        fields = (*names.deliveries.get(data["delivery"], ()), *fields)
    return (entry.kind, entry.order or "", *fields)


def _word(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _digest(told: tuple[Happening, ...]) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
