"""What was said about an order and is not true: forged or foreign webhooks, and returns without a payment."""

from __future__ import annotations

from dataclasses import dataclass

from badgateway.journal.entry import Entry
from badgateway.journal.history import History


@dataclass(frozen=True, slots=True)
class FalseInput:
    """One input that must change nothing, and whether the integration took it without an objection."""

    sent: Entry
    answered: Entry | None
    name: str
    is_taken: bool


def false_inputs(history: History, order: str) -> tuple[FalseInput, ...]:
    """Give the false inputs about an order, in the order in which they were sent."""
    webhooks = [
        FalseInput(one.sent, one.answered, _webhook(one.sent), one.is_acknowledged)
        for one in history.deliveries(order)
        if one.sent.data["class"] in {"forged", "foreign"}
    ]
    forged = {step["n"] for step in history.plan.get("steps", ()) if step.get("is_forged")}
    returns = [
        FalseInput(one.invoked, one.returned, "forged return", one.returned is not None)
        for one in history.operations(order, "return")
        if one.invoked.data["step"] in forged
    ]
    return tuple(sorted([*webhooks, *returns], key=lambda one: one.sent.seq))


def _webhook(sent: Entry) -> str:
    return f"{sent.data['class']} {sent.data['wire_type']}"
