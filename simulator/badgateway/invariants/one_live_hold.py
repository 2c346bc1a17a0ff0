"""M2: one decision to pay blocks the shopper's money once."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, seqs
from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.holding import decisions, live


class OneLiveHold(Invariant):
    """Each decision to pay blocks or takes the shopper's money once, not twice.

    M2. At every moment: the payments of an order that hold money, or took it and kept it, are no more than
    its decisions to pay. One more is forgiven only if a void or refund that the integration asked for ends
    it; one that lapses by itself was forgotten. A hold that was raised in steps is one payment.
    """

    name = "one_live_hold"
    code = "M2"
    when = AT_REST
    remedy = (
        "Keep the provider's payment with the order and use it again for every further attempt. Before you "
        "make another one, cancel the first, and wait for the provider to confirm that."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Count the payments that live after each ledger entry."""
        tested, breaches, why = 0, [], ""
        for order in history.orders:
            began: Entry | None = None
            before: tuple[str, ...] = ()
            for entry in history.of_kind("ledger.entry", order):
                now = live(history, order, entry.seq)
                tested += len(set(now) - set(before))
                is_excess = len(now) > decisions(history, order, entry.seq)
                if is_excess:
                    began = began or entry
                elif began is not None:
                    if entry.data["kind"] not in {"void", "refund"} or _is_by_itself(entry):
                        breaches.append(_breach(history, order, began, entry, is_always=True))
                    began = None
                before = now
            if began is not None:
                breaches.append(_breach(history, order, began, None, is_always=False))
                why = why or at_rest(history)
        if why:
            breaches = [one for one in breaches if one.is_always]
        return Opinion(tested, tuple(breaches), why)


def _is_by_itself(entry: Entry) -> bool:
    return str(entry.data["cause"]).startswith("act:")


def _breach(history: History, order: str, began: Entry, ended: Entry | None, *, is_always: bool) -> Breach:
    count = len(live(history, order, began.seq))
    end = "and nobody let one go" if ended is None else "until one lapsed by itself"
    sentence = f"{count} payments held money of {order} at once, {end}"
    return Breach(order, sentence, seqs(began, ended), is_always, began.seq)
