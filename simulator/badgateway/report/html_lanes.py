"""A journal as bars and marks in five lanes: what is drawn, and not yet where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from badgateway.journal.entry import Entry
from badgateway.report.amounts import amount, currencies
from badgateway.report.html_asides import asides
from badgateway.report.html_bars import CALLS, LEDGER, SHOPPER, VIEW, WEBHOOKS, Bar, Mark, label, money

_BACK = frozenset({"void", "expire", "refund", "capture_fail", "dispute_open", "dispute_lost"})


@dataclass(frozen=True, slots=True)
class Band:
    """A period in which something was wrong: a fault struck, or the process was down."""

    entry: Entry
    first: int
    last: int | None  # None: to the end
    label: str
    style: str  # fault | down


def bars(entries: Sequence[Entry]) -> tuple[Bar, ...]:
    """Give everything that is drawn in the lanes, in the order in which it begins."""
    agreed = currencies(entries)
    found = [
        *_operations(entries, agreed),
        *_calls(entries, agreed),
        *_ledger(entries, agreed),
        *_webhooks(entries),
        *_views(entries, agreed),
        *asides(entries, agreed),
    ]
    if len(agreed) > 1:
        found = [_named(bar) for bar in found]
    return tuple(sorted(found, key=lambda bar: bar.first))


def bands(entries: Sequence[Entry]) -> tuple[Band, ...]:
    """Give the periods of faults and of a process that was down."""
    return (*_faults(entries), *_outages(entries))


def _named(bar: Bar) -> Bar:
    order = bar.marks[0].entry.order
    return replace(bar, label=f"{order}: {bar.label}") if order else bar


def _ends(entries: Iterable[Entry], kind: str, field: str) -> dict[object, Entry]:
    return {entry.data.get(field): entry for entry in entries if entry.kind == kind}


def _operations(entries: Sequence[Entry], agreed: Mapping[str | None, str]) -> Iterator[Bar]:
    returned = _ends(entries, "op.returned", "op")
    for entry in entries:
        if entry.kind == "op.acted":
            yield Bar(
                SHOPPER, label(str(entry.data.get("do")).replace("_", " ")), "act", (Mark(entry, "point"),)
            )
        if entry.kind != "op.invoked":
            continue
        end = returned.pop(entry.data.get("op"), None)
        asked_of = entry.data.get("instance") and f"→ {entry.data['instance']}"
        do = "card typed in" if entry.data.get("do") == "card" else entry.data.get("do")
        told = label(do, money(entry, agreed), end and end.data.get("status"), asked_of)
        outcome = str(end.data.get("outcome")) if end else "info"
        marks = (Mark(entry, "begin"), Mark(end, "end", outcome)) if end else (Mark(entry, "begin"),)
        yield Bar(SHOPPER, told, f"op {outcome}", marks, is_open=end is None)


def _calls(entries: Sequence[Entry], agreed: Mapping[str | None, str]) -> Iterator[Bar]:
    committed = _ends(entries, "call.committed", "call")
    answered = _ends(entries, "call.answered", "call")
    keys: dict[object, str] = {}
    for entry in entries:
        if entry.kind != "call.arrived":
            continue
        data, end = entry.data, answered.pop(entry.data.get("call"), None)
        key = data.get("key")
        if key and key not in keys:
            keys[key] = f"key {_letter(len(keys))}"
        name = f"{data['op']}[{data.get('n')}]" if data.get("op") else data.get("method")
        marks = [Mark(entry, "begin")]
        if done := committed.pop(data.get("call"), None):
            marks.append(_commit(done))
        if end:
            marks.append(_answer(end))
        style = "lost" if end and marks[-1].sign == "cut" else ""
        told = label(name, money(entry, agreed), keys.get(key))
        yield Bar(CALLS, told, f"call {style}".strip(), tuple(sorted(marks, key=_seq)), is_open=end is None)


def _seq(mark: Mark) -> int:
    return mark.entry.seq


def _letter(place: int) -> str:
    """Name the keys of a play A, B, … in the order of their first use; the hover text has the key itself."""
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def _commit(entry: Entry) -> Mark:
    if entry.data.get("is_replayed"):
        return Mark(entry, "replay")
    return Mark(entry, "dot" if entry.data.get("is_applied") else "ring")


def _answer(entry: Entry) -> Mark:
    status = entry.data.get("status")
    if status is None or not entry.data.get("is_complete", True):
        return Mark(entry, "cut", "bad")
    is_false = entry.data.get("is_true") is False
    return Mark(entry, "end", "doubt" if is_false or status >= 400 else "ok")


def _ledger(entries: Sequence[Entry], agreed: Mapping[str | None, str]) -> Iterator[Bar]:
    for entry in entries:
        if entry.kind == "ledger.entry":
            kind = str(entry.data.get("kind"))
            style = "back" if kind in _BACK else "hold" if kind == "auth" else "taken"
            sign = "down" if kind in _BACK else "up"
            told = label(kind.replace("_", " "), money(entry, agreed))
            yield Bar(LEDGER, told, style, (Mark(entry, sign, style),))


def _webhooks(entries: Sequence[Entry]) -> Iterator[Bar]:
    answered = _ends(entries, "webhook.answered", "delivery")
    for entry in entries:
        data = entry.data
        name = data.get("name") or data.get("wire_type") or "event"
        if entry.kind == "webhook.lost":
            yield Bar(WEBHOOKS, label(name, "lost"), "missing", (Mark(entry, "cross", "bad"),))
        if entry.kind == "webhook.disabled":
            yield Bar(WEBHOOKS, label("endpoint", "disabled"), "missing", (Mark(entry, "cross", "bad"),))
        if entry.kind != "webhook.sent":
            continue
        kind = str(data.get("class"))
        end = answered.pop(data.get("delivery"), None)
        status = end.data.get("status") if end else None
        is_taken = isinstance(status, int) and 200 <= status < 300
        told = "" if is_taken else f"→ {status or 'no answer'}"
        copy = (data.get("copy") or 1) > 1 and f"copy {data['copy']}"
        attempt = (data.get("attempt") or 1) > 1 and f"try {data['attempt']}"
        changed = data.get("mutation") and f"mutated: {data['mutation']}"
        version = data.get("instance") and f"({data['instance']} version)"
        foreign = kind not in {"genuine", "duplicate"} and kind
        said = label(name, foreign, copy, attempt, changed, version, told)
        marks = [Mark(entry, "begin")]
        if end:
            marks.append(Mark(end, "end" if status else "cut", "ok" if is_taken else "bad"))
        style = f"hook {kind}" + ("" if is_taken else " refused")
        yield Bar(WEBHOOKS, said, style, tuple(marks), is_open=end is None)


def _views(entries: Sequence[Entry], agreed: Mapping[str | None, str]) -> Iterator[Bar]:
    reads = [entry for entry in entries if entry.kind == "view.read"]
    for order in dict.fromkeys(entry.order for entry in reads):
        mine = [entry for entry in reads if entry.order == order]
        runs = [list(run) for _, run in groupby(mine, key=_shown)]
        for place, run in enumerate(runs):
            following = runs[place + 1][0].seq if place + 1 < len(runs) else None
            status, paid, back = _shown(run[0])
            currency = run[0].data.get("currency") or agreed.get(order)
            kept = amount(paid, currency) if paid else ""
            returned = f"back {amount(back, currency)}" if back else ""
            marks = tuple(Mark(entry, "read") for entry in run)
            yield Bar(VIEW, label(status, kept, returned), f"view {status}", marks, True, following)


def _shown(entry: Entry) -> tuple[str, object, object]:
    if not entry.data.get("is_readable", True):
        return "unreadable", None, None
    status = str(entry.data.get("status") or entry.data.get("raw") or "unreadable")
    return status, entry.data.get("paid_minor"), entry.data.get("refunded_minor")


def _faults(entries: Sequence[Entry]) -> Iterator[Band]:
    arrived = _ends(entries, "call.arrived", "call")
    answered = _ends(entries, "call.answered", "call")
    for entry in entries:
        if entry.kind != "fault.fired":
            continue
        call = entry.data.get("call")
        first, last = arrived.get(call, entry), answered.get(call, entry)
        phase = str(entry.data.get("phase")).replace("_", " ").replace("connect", "on connect")
        told = label(entry.data.get("do"), phase, entry.data.get("mutation"))
        yield Band(entry, min(first.seq, entry.seq), max(last.seq, entry.seq), told, "fault")


def _outages(entries: Sequence[Entry]) -> Iterator[Band]:
    down: Entry | None = None
    for entry in entries:
        if entry.data.get("instance"):
            continue  # Another version came or went beside it: there was somebody to answer all the time.
        if entry.kind in {"process.killed", "process.exited"} and down is None:
            down = entry
        elif entry.kind == "process.started" and down is not None:
            yield Band(down, down.seq, entry.seq, "process down", "down")
            down = None
    if down is not None:
        yield Band(down, down.seq, None, "process down", "down")
