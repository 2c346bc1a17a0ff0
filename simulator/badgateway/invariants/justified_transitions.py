"""E3: an order never goes back to a state that its money has left behind."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.belief import changes
from badgateway.journal.history import History


class JustifiedTransitions(Invariant):
    """An order changes its status for a reason, and never goes back behind what it once showed.

    E3. For every observed change of status there is a moment of the ledger, not older than the one that
    explained the status before and not newer than the view, that agrees with the new status; or a decision
    of the shopper or merchant made since. Views may lag and may skip states; REVIEW may be entered and left
    at any time. An inquiry of the shopper's bank moves no money, and an order may be DISPUTED for it.
    """

    name = "justified_transitions"
    code = "E3"
    remedy = (
        "Write the allowed transitions down as one table and refuse all others. Late and old events must "
        "not move an order backwards: compare with the provider's current object before you apply one."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Follow the views of each order through its ledger."""
        tested, breaches = 0, []
        for order in history.orders:
            for change in changes(history, order):
                tested += 1
                if not change.is_justified:
                    proof = seqs(change.before, change.after)
                    sentence = f"{change.sentence}, and nothing that happened to its money explains it"
                    breaches.append(Breach(order, sentence, proof, began=change.after.seq))
        return Opinion(tested, tuple(breaches))
