"""What is seen beside money and messages: goods sent, other pages asked, leaks, the settlement report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from badgateway.journal.entry import Entry
from badgateway.report.html_bars import BESIDE, SHOPPER, Bar, Mark, label, money

_PLANTED = frozenset({"card", "provider"})  # doors of a story; secrets and traps are laid out in every play
_PAGES = {"health": "health page", "view": "view", "open": "new order"}


def asides(entries: Sequence[Entry], agreed: Mapping[str | None, str]) -> Iterator[Bar]:
    """Give a mark for each thing that was seen beside the payment itself."""
    for entry in entries:
        data = entry.data
        if entry.kind == "effect.seen":
            yield _effect(entry)
        elif entry.kind == "load.answered":
            yield _page(entry)
        elif entry.kind == "canary.seen":
            yield _alone(entry, "cross", "bad", data.get("canary"), "found in", data.get("place"))
        elif entry.kind == "contract.broken":
            yield _alone(entry, "cross", "bad", data.get("where"), "breaks the contract")
        elif entry.kind == "run.canary" and data.get("door") in _PLANTED:
            yield _alone(entry, "point", "", data.get("canary"), "let in")
        else:
            yield from _settled(entry, agreed)


def _settled(entry: Entry, agreed: Mapping[str | None, str]) -> Iterator[Bar]:
    data = entry.data
    if entry.kind == "settlement.payout":
        yield _alone(entry, "up", "taken", "payout", money(entry, agreed))
    elif entry.kind == "settlement.line" and data.get("flaw"):
        yield _alone(entry, "point", "bad", "a line of it is", data["flaw"])
    elif entry.kind == "reconciliation.read":
        yield _alone(entry, "point", "", "reconciliation:", len(data.get("rows") or ()), "exceptions")
    elif entry.kind == "settlement.read":
        said = "settlement report" + ("" if data.get("is_readable", True) else " unreadable")
        yield _alone(entry, "point", "", said)


def _alone(entry: Entry, sign: str, style: str, *words: object) -> Bar:
    return Bar(BESIDE, label(*words), f"aside {style}".strip(), (Mark(entry, sign, style),))


def _effect(entry: Entry) -> Bar:
    data = entry.data
    if data.get("is_again"):
        return _alone(entry, "replay", "", data.get("effect"), "same key")
    if not data.get("is_taken", True):
        return _alone(entry, "cut", "bad", data.get("effect"), "not taken")
    number = (data.get("n") or 1) > 1 and f"number {data['n']}"
    return _alone(entry, "dot", "", data.get("effect"), number)


def _page(entry: Entry) -> Bar:
    data = entry.data
    is_well = data.get("is_in_time") or data.get("is_control")
    page = _PAGES.get(str(data.get("on")), data.get("on"))
    said = label(page, data.get("is_control") and "again", "" if is_well else "late")
    style = "ok" if is_well else "bad"
    return Bar(SHOPPER, said, f"aside {style}", (Mark(entry, "point", style),))
