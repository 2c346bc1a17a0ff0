"""What is drawn in the lanes of a timeline, as plain records: bars and the marks on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from badgateway.journal.entry import Entry
from badgateway.report.amounts import amount
from badgateway.report.clean import one_line

SHOPPER, CALLS, LEDGER, WEBHOOKS, VIEW = "shopper", "calls", "ledger", "webhooks", "order view"
BESIDE = "also seen"  # drawn only where there is something in it
LANES = (SHOPPER, CALLS, LEDGER, WEBHOOKS, VIEW, BESIDE)
LABEL_MAX = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry: its sign is a shape, its style says how it went."""

    entry: Entry
    sign: str  # begin end dot ring replay cut cross up down point
    style: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """What lasted from its first mark to its last, or only a mark; open: it never ended."""

    lane: str
    label: str
    style: str
    marks: tuple[Mark, ...]
    is_open: bool = False
    until: int | None = None  # seq of the entry that ends it, where that is no mark of its own

    @property
    def first(self) -> int:
        """Give the seq at which it begins."""
        return self.marks[0].entry.seq


def label(*words: object) -> str:
    """Give the words that there are as a label, short enough to stand beside a mark."""
    return one_line(" ".join(str(word) for word in words if word), LABEL_MAX)


def money(entry: Entry, agreed: Mapping[str | None, str]) -> str:
    """Give the amount of an entry in words, in its order's currency where it names none; empty: no amount."""
    if entry.data.get("amount_minor") is None:
        return ""
    return amount(entry.data["amount_minor"], entry.data.get("currency") or agreed.get(entry.order))
