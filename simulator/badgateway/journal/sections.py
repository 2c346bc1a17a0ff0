"""A journal that is too long for memory, in sections of some orders: each reads like that of a short play."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badgateway.ground.records import changed
from badgateway.journal.entry import Entry
from badgateway.journal.ndjson import each_entry

ORDERS_MAX = 50  # of one section


@dataclass(frozen=True, slots=True)
class Section:
    """The entries of some orders and of the run itself, numbered from 1."""

    entries: tuple[Entry, ...]
    places: tuple[int, ...]  # the numbers that the entries have in the journal
    orders: tuple[str, ...]


def sections(path: Path, orders_max: int = ORDERS_MAX) -> Iterator[Section]:
    """Cut a journal into sections; in memory is no more than the orders that are open at one time.

    The file is read twice: for the last entry of each order, and for the sections. Entries about no order
    are in every section where they are the run's own; what calls and webhooks about none said is left out.
    Raises InputError where it is damaged.
    """
    last: dict[str, int] = {}
    run: list[Entry] = []
    for entry in each_entry(path):
        if entry.order is not None:
            last[entry.order] = entry.seq
        elif entry.lane == "run":
            run.append(entry)
    open_orders: dict[str, list[Entry]] = {}
    whole: dict[str, list[Entry]] = {}
    for entry in each_entry(path):
        if entry.order is None:
            continue
        open_orders.setdefault(entry.order, []).append(entry)
        if last[entry.order] == entry.seq:
            whole[entry.order] = open_orders.pop(entry.order)
        if len(whole) >= orders_max:
            yield _section(run, whole)
            whole = {}
    if whole or not last:
        yield _section(run, whole)


def _section(run: list[Entry], orders: dict[str, list[Entry]]) -> Section:
    own = [entry for entries in orders.values() for entry in entries]
    told = sorted([*run, *own], key=lambda entry: entry.seq)
    entries = []
    for number, entry in enumerate(told, start=1):
        data = _narrowed(entry.data, set(orders)) if entry.kind == "run.started" else entry.data
        entries.append(changed(entry, seq=number, data=data))
    return Section(tuple(entries), tuple(entry.seq for entry in told), tuple(orders))


def _narrowed(data: Any, orders: set[str]) -> dict[str, Any]:
    """Leave of a plan what it says of some orders, and of none."""
    plan = dict(data["plan"])
    meant = {*orders, None}
    for name, place in (("orders", "name"), ("steps", "order")):
        plan[name] = [one for one in plan.get(name) or () if one[place] in meant]
    for name, place in (("faults", "at"), ("deliveries", "event")):
        plan[name] = [one for one in plan.get(name) or () if one[place]["order"] in meant]
    return {**data, "plan": plan}
