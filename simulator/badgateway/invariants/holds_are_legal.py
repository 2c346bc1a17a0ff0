"""M9: what is held may be captured once, and never after it was let go."""

from __future__ import annotations

from badgateway.invariants.base import (
    AT_REST,
    Breach,
    Invariant,
    Opinion,
    at_rest,
    final_views,
    ledger_seqs,
    money_text,
    seqs,
)
from badgateway.journal.history import History
from badgateway.journal.letting_go import called_after, captured_after_cancel, let_go, over_captures


class HoldsAreLegal(Invariant):
    """Nothing is captured beyond its hold or after it was let go, and a cancelled order holds nothing.

    M9. At every moment: a capture takes at most what its payment still holds, and no capture or raise is
    attempted once the integration was told that the hold was voided or lapsed, or had confirmed the
    cancellation; no void either, unless somebody cancels again. At rest: a CANCELLED order holds nothing.
    """

    name = "holds_are_legal"
    code = "M9"
    when = AT_REST
    remedy = (
        "Cancel at the provider, not only in your own books. Let one state of the order say whether its hold "
        "may still be captured, and change it as soon as you learn of a void or an expiry."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Go through the captures, then through the holds that were let go, then look at the end."""
        tested, breaches = 0, []
        for order in history.orders:
            tested += len(history.calls(order, "capture")) + len(list(let_go(history, order)))
            for entry, held in over_captures(history, order):
                currency = history.currency(order)
                had, taken = money_text(held, currency), money_text(entry.data["amount_minor"], currency)
                sentence = f"{taken} of {order} were captured, {had} were held"
                breaches.append(Breach(order, sentence, seqs(entry)))
            for since, call in (*called_after(history, order), *captured_after_cancel(history, order)):
                sentence = f"a {call.op} of {order} was attempted after it was known to be let go"
                proof = seqs(since, call.arrived, call.answered)
                breaches.append(Breach(order, sentence, proof, began=call.arrived.seq))
        held_on = [order for order in history.touched() if history.money(order).held > 0]
        why = at_rest(history) if held_on else ""
        views, missing = final_views(history, [] if why else held_on)
        for order, view in views:
            tested += 1
            if view.data["status"] == "CANCELLED":
                rest = money_text(history.money(order).held, history.currency(order))
                sentence = f"{order} is CANCELLED, and the provider still holds {rest}"
                proof = (*ledger_seqs(history, order, "auth"), view.seq)
                breaches.append(Breach(order, sentence, proof, is_always=False))
        return Opinion(tested, tuple(breaches), why or missing)
