"""What a shopper was told about an order, where it was told for sure."""

from __future__ import annotations

from dataclasses import dataclass

from badgateway.journal.entry import Entry
from badgateway.journal.history import History

_GOOD = frozenset({"AUTHORIZED", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "DISPUTED"})
_BAD = frozenset({"FAILED", "CANCELLED"})


@dataclass(frozen=True, slots=True)
class Promise:
    """A clear word to the shopper, and the answer that gave it."""

    entry: Entry
    is_ok: bool


def promised(history: History, order: str) -> Promise | None:
    """Give what the shopper was told of paying an order; None where nothing can be held against it.

    One clear yes counts, whatever was said to a second attempt; a no counts where all said no, or where
    the return page says it last. A yes is over once the order was cancelled or refunded, or the provider let
    the money go by itself.
    """
    told = [one.returned for one in history.operations(order, "pay", "return")]
    words = [_word(entry) for entry in told]
    good = [entry for entry, word in zip(told, words, strict=True) if word is True and entry is not None]
    if good:
        return None if _is_undone(history, order) else Promise(good[-1], is_ok=True)
    last = told[-1] if told else None
    # A refused second attempt says nothing of the first; a return page that says FAILED speaks of the order.
    is_of_the_order = last is not None and last.data["do"] == "return" and last.data["status"] in _BAD
    if last is not None and (is_of_the_order or all(word is False for word in words)):
        return Promise(last, is_ok=False)
    return None


def _word(entry: Entry | None) -> bool | None:
    """Read an answer: True yes, False no, None neither; a status in it weighs more than its HTTP status."""
    if entry is None or entry.data["outcome"] == "info":
        return None
    status = entry.data["status"]
    if status in _GOOD or status in _BAD:
        return status in _GOOD
    return None if status is not None else entry.data["outcome"] == "ok"


def _is_undone(history: History, order: str) -> bool:
    by_itself = any(
        entry.data["kind"] in {"dispute_lost", "capture_fail"}
        or (
            entry.data["kind"] in {"expire", "void", "refund"} and str(entry.data["cause"]).startswith("act:")
        )
        for entry in history.of_kind("ledger.entry", order)
    )
    return by_itself or bool(history.operations(order, "cancel", "refund"))
