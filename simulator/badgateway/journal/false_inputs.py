"""What was said about an order and is not true: by attackers, by strangers' events, too late, by a return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from badgateway.journal.belief import outdated
from badgateway.journal.entry import Entry
from badgateway.journal.history import History


@dataclass(frozen=True, slots=True)
class FalseInput:
    """One input that must change nothing.

    `is_taken`: without an objection, so that a later lie may be its doing, too. `is_near`: only what is
    shown next can be; what a stranger's event told is about no order, and a stale one was true once.
    """

    sent: Entry
    answered: Entry | None
    name: str
    is_taken: bool
    is_near: bool = False

    def lie(
        self, history: History, order: str, lies: Sequence[tuple[Entry, str]]
    ) -> tuple[Entry, str] | None:
        """Give the first claim that this input led to, of all claims without truth about the order."""
        views = history.views(order)
        follows = next((view for view in views if view.seq > self.sent.seq), None)
        if follows is None:
            return None
        if self.sent.data.get("class") == "stale" and (claim := outdated(history, order, follows)):
            return follows, claim
        # A lie told before, or long after a webhook that was refused, is not this webhook's doing.
        if any(view.seq < self.sent.seq for view, _ in lies):
            return None
        told = (
            pair
            for pair in lies
            if pair[0].seq == follows.seq
            or (self.is_taken and not self.is_near and pair[0].seq > follows.seq)
        )
        return next(told, None)


def false_inputs(history: History, order: str) -> tuple[FalseInput, ...]:
    """Give the false inputs about an order, in the order in which they were sent."""
    is_touched = order in history.touched()
    webhooks = [
        FalseInput(one.sent, one.answered, _webhook(one.sent), one.is_acknowledged, _is_near(one.sent))
        for one in history.deliveries()
        if one.sent.data["class"] in {"forged", "foreign", "stale"}
        and (one.sent.order == order or (one.sent.order is None and is_touched))
    ]
    forged = {step["n"] for step in history.plan.get("steps", ()) if step.get("is_forged")}
    returns = [
        FalseInput(one.invoked, one.returned, "forged return", one.returned is not None)
        for one in history.operations(order, "return")
        if one.invoked.data["step"] in forged
    ]
    return tuple(sorted([*webhooks, *returns], key=lambda one: one.sent.seq))


def _is_near(sent: Entry) -> bool:
    is_strangers = sent.data["class"] == "foreign" and sent.data["signature"] == "ok"
    return is_strangers or bool(sent.data["class"] == "stale")


def _webhook(sent: Entry) -> str:
    return f"{sent.data['class']} {sent.data['wire_type']}"
