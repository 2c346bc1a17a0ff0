"""E5: what the provider did not say changes nothing."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.belief import changes, false_amounts
from badgateway.journal.false_inputs import false_inputs
from badgateway.journal.history import History


class OnlyGenuineCounts(Invariant):
    """A forged or outdated webhook, a stranger's, or a return without a payment changes nothing.

    E5. For every forged or foreign delivery, and every return without a payment: no view after it claims
    a status, an amount or a handed-over effect that was never true, unless a view before it claimed the
    same. After a stale one, and one about a stranger's payment, the next view counts; after a stale one
    it may not claim what is true no longer either. Answering 2xx without an effect is allowed.
    """

    name = "only_genuine_counts"
    code = "E5"
    remedy = (
        "Verify the provider's signature over the exact bytes received, compare in constant time, refuse "
        "old timestamps, and refuse everything when no secret is configured. Or fetch the object before you "
        "believe it."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look for claims without truth after each false delivery."""
        tested, breaches, missing = 0, [], ""
        for order in history.orders:
            false = false_inputs(history, order)
            tested += len(false)
            views = history.views(order)
            if false and not any(view.seq > false[-1].sent.seq for view in views):
                missing = f"no view of {order} was read after the false input"
            lies = [
                (change.after, change.sentence)
                for change in changes(history, order)
                if not change.is_justified
            ]
            lies += [(view, untrue) for view in views if (untrue := false_amounts(history, order, view))]
            for one in false:
                told = one.lie(history, order, lies)
                if told is not None:
                    sentence = f"a {one.name} counted: {told[1]}"
                    breaches.append(Breach(order, sentence, seqs(one.sent, one.answered, told[0])))
                    break
        return Opinion(tested, tuple(breaches), missing)
