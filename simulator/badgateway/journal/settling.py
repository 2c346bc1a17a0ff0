"""Payouts in their terms: what the provider's lines come to, what its list said, and what was reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badgateway.journal.entry import Entry
from badgateway.journal.history import History

TERMS = ("captured", "refunded", "lost", "won", "fees", "adjusted")
# The terms with the sign that they have in `paid = captured - refunded - lost + won - fees + adjusted`.
SIGNS = {"captured": 1, "refunded": -1, "lost": -1, "won": 1, "fees": -1, "adjusted": 1}
FLAWS_MAX = 10  # of one payout, that may each be put right or not
# What was told late may be known by the time of the report, or not yet.
_WRONG = frozenset({"missing", "repeated", "misstated"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One payout: its terms as they are, and as the provider's list has them. Minor units."""

    entry: Entry
    lines: tuple[Entry, ...]
    real: Mapping[str, int]
    stated: Mapping[str, int]
    honest: Mapping[str, frozenset[int]]  # each line as it is, or as the list has it
    is_wrong: bool  # the provider's list cannot be made to add up

    @property
    def id(self) -> str:
        """Give the provider's id of the payout."""
        return str(self.entry.data["payout"])

    @property
    def currency(self) -> str:
        """Give the currency in which it was paid (ISO 4217)."""
        return str(self.entry.data["currency"])

    def read(self, term: str, shown: int) -> int | None:
        """Give a term of a report with our sign, None where its lines come to it neither way."""
        honest = self.honest[term]
        if shown in honest:
            return shown
        # A report may write what was taken with a minus.
        return -shown if SIGNS[term] < 0 and -shown in honest else None

    def adds_up(self, terms: Mapping[str, int]) -> bool:
        """Say whether terms come to what was paid."""
        return self.paid == sum(SIGNS[name] * minor for name, minor in terms.items())

    @property
    def paid(self) -> int:
        """Give what was paid out."""
        return int(self.entry.data["amount_minor"])


def statements(history: History) -> tuple[Statement, ...]:
    """Give every payout of a play, oldest first."""
    return tuple(_statement(history, entry) for entry in history.of_kind("settlement.payout"))


def reported(history: History) -> tuple[Entry | None, Mapping[str, Mapping[str, Any]]]:
    """Give the last report and its rows by payout; None where there is none, or it could not be read."""
    reads = history.of_kind("settlement.read")
    if not reads or not reads[-1].data["is_readable"]:
        return None, {}
    return reads[-1], {str(row["payout"]): row for row in reads[-1].data["rows"]}


def was_told(history: History, statement: Statement) -> bool:
    """Say whether the integration could know of a payout: by its event, or by an answer after it."""
    facts = set(statement.entry.data["facts"])
    events = {
        one.data["event"]
        for one in history.of_kind("event.created")
        if facts.intersection(one.data["facts"] or ())
    }
    heard = any(one.sent.data["event"] in events for one in history.deliveries() if one.is_acknowledged)
    since = statement.entry.seq
    return heard or any(one.is_telling and one.arrived.seq > since for one in history.calls(None, "list"))


def known(
    history: History, found: Sequence[Statement], report: Entry, rows: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Statement], list[Statement]]:
    """Give the payouts that a report can be held to, and those of them that nobody was told of.

    One whose own report was not there yet, and of which nothing else was told, is left out.
    """
    untold = [one for one in found if one.id not in rows and not was_told(history, one)]
    files = history.of_kind("settlement.report")
    late = {one.data["payout"] for one in files if one.data["ready_ms"] > report.at_ms}
    untold, left_out = ([one for one in untold if (one.id in late) is is_late] for is_late in (False, True))
    return [one for one in found if one not in left_out], untold


def _statement(history: History, entry: Entry) -> Statement:
    lines = tuple(
        one for one in history.of_kind("settlement.line") if one.data["payout"] == entry.data["payout"]
    )
    real, stated = Counter(dict.fromkeys(TERMS, 0)), Counter(dict.fromkeys(TERMS, 0))
    wrong: dict[str, list[int]] = {term: [] for term in TERMS}
    for line in lines:
        term, sign = str(line.data["term"]), SIGNS[str(line.data["term"])]
        for name, factor, what in ((term, sign, "gross_minor"), ("fees", 1, "fee_minor")):
            real[name] += factor * int(line.data[what])
            stated[name] += factor * int(line.data[f"stated_{what}"])
            wrong[name].append(factor * (int(line.data[f"stated_{what}"]) - int(line.data[what])))
    honest = {term: _either_way(real[term], stated[term], wrong[term]) for term in TERMS}
    is_wrong = any(line.data["flaw"] in _WRONG for line in lines)
    return Statement(entry, lines, real, stated, honest, is_wrong)


def _either_way(real: int, stated: int, wrong: Sequence[int]) -> frozenset[int]:
    """Give what a term comes to when each wrong line is put right, or left as it is told."""
    sums = {real}
    for difference in [one for one in wrong if one][:FLAWS_MAX]:
        sums |= {one + difference for one in sums}
    return frozenset(sums | {stated})
