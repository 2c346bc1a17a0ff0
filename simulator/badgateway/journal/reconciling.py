"""What a settlement got wrong in a play, and what the integration's reconciliation says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from badgateway.journal.entry import Entry
from badgateway.journal.history import History

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Injected:
    """One thing that the provider got wrong. Amounts are minor units, without a sign."""

    kind: str  # missing repeated misstated overdue
    entry: Entry
    names: frozenset[str]  # under which an exception may speak of it
    amounts: frozenset[int]
    currency: str
    is_open: bool = False  # nobody can tell yet: to speak of it and to keep silent are both right

    def is_told_by(self, row: Row) -> bool:
        """Say whether an exception is about this, whatever its amount."""
        return row["kind"] == self.kind and not self.names.isdisjoint(row["references"])

    def is_amount_of(self, row: Row) -> bool:
        """Say whether an exception has its amount; in another currency it cannot be compared."""
        return row["currency"] != self.currency or abs(row["amount_minor"]) in self.amounts


def reconciled(history: History) -> Entry | None:
    """Give the last reading of the reconciliation; None where there was none."""
    return next(iter(history.of_kind("reconciliation.read")[::-1]), None)


def injected(history: History, read: Entry) -> tuple[Injected, ...]:
    """Give what the provider got wrong, as far as it holds at the moment of a reading, oldest first."""
    reports = {str(one.data["payout"]): one for one in history.of_kind("settlement.report")}
    known = {str(one.order): str(one.data["reference"]) for one in history.of_kind("run.order")}
    lines = history.of_kind("settlement.line")
    found = [one for line in lines if line.data["flaw"] for one in _line(history, line, reports, known, read)]
    return (*found, *(one for report in reports.values() for one in _overdue(report, read)))


def unseen(history: History) -> frozenset[str]:
    """Give payments that no final view of an order shows among its own."""
    refs = {ref for view in history.of_kind("view.read") for ref in view.data["refs"] or ()}
    paid = {str(one.data["payment"]) for one in history.of_kind("settlement.line") if one.data["payment"]}
    return frozenset(paid - refs)


def _line(
    history: History, line: Entry, reports: Mapping[str, Entry], known: Mapping[str, str], read: Entry
) -> Iterator[Injected]:
    data, report = line.data, reports.get(str(line.data["payout"]))
    settled_later = any(
        one.data["do"] == "settle" and one.seq > line.seq for one in history.of_kind("op.acted")
    )
    is_late = data["flaw"] == "late"
    if is_late and settled_later and not history.of_kind("run.merchant"):
        return
    names = {str(data[name]) for name in ("line", "payment", "source") if data[name] is not None}
    gross, fee, told = data["gross_minor"], data["fee_minor"], data["stated_gross_minor"]
    amounts = {abs(gross - told)} if data["flaw"] == "misstated" else {abs(gross), abs(gross - fee)}
    yield Injected(
        kind="missing" if is_late else data["flaw"],
        entry=line,
        names=frozenset(names | {known.get(str(line.order), "")}),
        amounts=frozenset(amounts),
        currency=str(data["currency"]),
        is_open=is_late or report is None or report.data["ready_ms"] > read.at_ms,
    )


def _overdue(report: Entry, read: Entry) -> Iterator[Injected]:
    data = report.data
    if data["due_ms"] <= read.at_ms < data["ready_ms"]:
        names, amounts = frozenset({data["report"], data["payout"]}), frozenset({abs(data["total_minor"])})
        yield Injected("overdue", report, names, amounts, data["currency"])
