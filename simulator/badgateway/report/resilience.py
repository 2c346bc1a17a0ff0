"""The resiliency matrix: what the integration did where a provider misbehaved, counted over all cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from badgateway.journal.entry import Entry
from badgateway.report.case import Case

SAME_KEY, NEW_KEY, LOOK_UP, OTHER_ROUTE = "same-key retry", "new-key retry", "look-up", "other route"
FAILED, PENDING, HANG = "gave up FAILED", "gave up PENDING", "hang"
TOOK_ANSWER, WENT_ON = "took the answer", "went on"
REACTIONS = (SAME_KEY, NEW_KEY, LOOK_UP, OTHER_ROUTE, FAILED, PENDING, HANG, TOOK_ANSWER, WENT_ON)
_LOOKING = frozenset({"fetch", "list"})


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """Where a fault struck: an operation of the provider, the phase, and what was done to it."""

    op: str
    phase: str
    do: str


@dataclass(frozen=True, slots=True)
class Reactions:
    """What was done at one site, and in which cases: indexes into the cases, one for each strike."""

    site: Site
    cases: Mapping[str, tuple[int, ...]]  # reaction -> cases


def reactions(cases: Sequence[Case]) -> tuple[Reactions, ...]:
    """Give every site at which a fault struck a call, with the reactions seen there."""
    found: dict[Site, dict[str, list[int]]] = {}
    for index, case in enumerate(cases):
        for site, reaction in _strikes(case.entries):
            found.setdefault(site, {}).setdefault(reaction, []).append(index)
    return tuple(
        Reactions(site, {name: tuple(rows[name]) for name in REACTIONS if name in rows})
        for site, rows in sorted(found.items())
    )


def _strikes(entries: Sequence[Entry]) -> list[tuple[Site, str]]:
    arrived = {entry.data.get("call"): entry for entry in entries if entry.kind == "call.arrived"}
    strikes = []
    for fired in entries:
        call = arrived.get(fired.data.get("call")) if fired.kind == "fault.fired" else None
        if call is None:
            continue
        op = str(call.data.get("op") or call.data.get("path"))
        site = Site(op, str(fired.data.get("phase")), str(fired.data.get("do")))
        strikes.append((site, _reaction(entries, call)))
    return strikes


def _reaction(entries: Sequence[Entry], call: Entry) -> str:
    """Say what came first after a struck call, until the operation that made it returned."""
    answer = _first(entries, call.seq, "call.answered", "call", call.data.get("call"))
    operation = _operation(entries, call)
    returned = operation and _first(entries, operation.seq, "op.returned", "op", operation.data.get("op"))
    until = returned.seq if returned else entries[-1].seq + 1
    for entry in entries:
        if entry.kind == "call.arrived" and call.seq < entry.seq < until and entry.order == call.order:
            again = _again(call, entry)
            if again is not None:
                return again
    if answer and answer.data.get("is_complete") and answer.data.get("is_true"):
        return TOOK_ANSWER
    if returned is None:
        return HANG if operation else WENT_ON
    return _gave_up(returned)


def _first(entries: Sequence[Entry], after: int, kind: str, field: str, value: object) -> Entry | None:
    same = (entry for entry in entries if entry.kind == kind and entry.data.get(field) == value)
    return next((entry for entry in same if entry.seq > after), None)


def _operation(entries: Sequence[Entry], call: Entry) -> Entry | None:
    """Give the operation of the same order that was open when a call arrived, the last one begun."""
    is_open: dict[object, Entry] = {}
    for entry in entries:
        if entry.seq > call.seq:
            break
        if entry.kind == "op.invoked" and entry.order == call.order:
            is_open[entry.data.get("op")] = entry
        elif entry.kind == "op.returned":
            is_open.pop(entry.data.get("op"), None)
    return next(reversed(is_open.values()), None)


def _again(call: Entry, later: Entry) -> str | None:
    op, key = later.data.get("op"), later.data.get("key")
    if op in _LOOKING and call.data.get("op") not in _LOOKING:
        return LOOK_UP
    if op != call.data.get("op"):
        return None
    if later.data.get("provider") != call.data.get("provider"):
        return OTHER_ROUTE
    # A look-up, and a request that names the payment it acts on, are the same request without any key.
    names_payment = bool(later.data.get("payment")) and later.data.get("payment") == call.data.get("payment")
    is_same = key == call.data.get("key") if key else names_payment or op in _LOOKING
    return SAME_KEY if is_same else NEW_KEY


def _gave_up(returned: Entry) -> str:
    problem, status = str(returned.data.get("problem") or ""), returned.data.get("status")
    if "time" in problem and "out" in problem:
        return HANG
    if returned.data.get("outcome") == "fail" or status == "FAILED":
        return FAILED
    return PENDING if returned.data.get("outcome") == "info" else WENT_ON
