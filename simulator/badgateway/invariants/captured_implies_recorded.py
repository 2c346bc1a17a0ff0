"""M5: money that was taken is known to the integration."""

from __future__ import annotations

from badgateway.invariants.base import (
    AT_REST,
    Breach,
    Invariant,
    Opinion,
    at_rest,
    final_views,
    ledger_seqs,
    unrecorded,
)
from badgateway.journal.history import History


class CapturedImpliesRecorded(Invariant):
    """Money that the provider took is shown by the integration, or was given back.

    M5. At rest, for every order: captures less refunds and lost disputes above nothing imply a status of
    PAID, PARTIALLY_REFUNDED, DISPUTED or REVIEW (AUTHORIZED while a part is still held), and a shown amount
    above nothing.
    """

    name = "captured_implies_recorded"
    code = "M5"
    when = AT_REST
    remedy = (
        "Do not end an order whose charge had no clear answer: keep it pending and look it up at the "
        "provider. Run a poller or a reconciliation beside the webhooks, because any webhook can be lost."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Hold the final view against the ledger."""
        if why := at_rest(history):
            return Opinion(unknown=why)
        charged = [order for order in history.orders if history.money(order).net > 0]
        views, missing = final_views(history, charged)
        breaches = [
            Breach(order, sentence, (*ledger_seqs(history, order, "capture"), view.seq), is_always=False)
            for order, view in views
            if (sentence := unrecorded(history, order, view))
        ]
        return Opinion(len(views), tuple(breaches), missing)
