"""M8: the integration shows the amounts that the provider moved."""

from __future__ import annotations

from badgateway.invariants.base import (
    AT_REST,
    Breach,
    Invariant,
    Opinion,
    amount_errors,
    at_rest,
    final_views,
    ledger_seqs,
)
from badgateway.journal.history import History


class AmountsAgree(Invariant):
    """Paid and refunded amounts that the integration shows are those of the provider.

    M8. At rest, for every order: the shown paid amount equals the captures, and the shown refunded amount
    equals the refunds that did not fail, in the agreed currency. Refunds that are still pending may count
    either way.
    """

    name = "amounts_agree"
    code = "M8"
    when = AT_REST
    remedy = (
        "Derive totals from the provider's object (its captured and refunded amounts), never by adding up "
        "events. Store every provider reference once, under a unique key, and compute sums from these rows."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Compare the final view with the ledger, amount by amount."""
        if not history.judgeable.intersection({"paid", "refunded"}):
            return Opinion(not_judged="the integration shows neither paid nor refunded amounts")
        if why := at_rest(history):
            return Opinion(unknown=why)
        moved = [order for order in history.orders if len(history.moments(order)) > 1]
        views, missing = final_views(history, moved)
        kinds = ("capture", "capture_fail", "refund", "refund_fail", "dispute_lost")
        breaches = [
            Breach(order, sentence, (*ledger_seqs(history, order, *kinds), view.seq), is_always=False)
            for order, view in views
            for sentence in amount_errors(history, order, view)
        ]
        return Opinion(len(views), tuple(breaches), missing)
