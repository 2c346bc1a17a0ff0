"""M1: the shopper is never charged more than was agreed."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, money_text
from badgateway.journal.history import History


class NoOvercharge(Invariant):
    """No shopper is charged more than was agreed.

    M1. For every order and every moment: captures, less those that failed later, add up to at most what was
    agreed by then, in the agreed currency. What is agreed follows the shopper's decisions: a new quote
    replaces the old one, a second purchase adds to it. Money that is given back later was still charged.
    """

    name = "no_overcharge"
    code = "M1"
    remedy = (
        "Write down the intent and its idempotency key before the first call, and send the same key on "
        "every retry. After an answer that was lost, look the payment up before you charge again."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Add captures up in ledger order."""
        tested, breaches = 0, []
        for order in history.orders:
            captures = []
            for entry in history.of_kind("ledger.entry", order):
                if entry.data["kind"] != "capture":
                    continue
                tested += 1
                captures.append(entry.seq)
                taken = history.money(order, entry.seq).captured
                agreed = history.agreed(order, entry.seq)
                if taken > agreed:
                    currency = history.currency(order)
                    rest = history.money(order).net
                    returned = "" if rest > agreed else " (charged, then returned)"
                    sentence = (
                        f"{order} was agreed at {money_text(agreed, currency)}, "
                        f"the provider captured {money_text(taken, currency)}{returned}"
                    )
                    breaches.append(Breach(order, sentence, tuple(captures), began=entry.seq))
                    break
        return Opinion(tested, tuple(breaches))
