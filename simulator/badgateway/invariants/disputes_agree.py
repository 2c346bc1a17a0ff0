"""M10: money that the shopper's bank took back is neither counted as earned nor given back again."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, final_views, ledger_seqs
from badgateway.journal.history import History
from badgateway.journal.received import paid_back_twice


class DisputesAgree(Invariant):
    """A lost dispute is not shown as plainly paid nor refunded on top, and a won one is over.

    M10. At every moment: no refund that the integration asks for after it was told of a lost dispute brings
    a payment below nothing. At rest: an order that lost a dispute is not PAID, unless the shown amounts
    leave the lost money out; one whose disputes are all won is not DISPUTED. A refund while a dispute is
    open may be meant to end it.
    """

    name = "disputes_agree"
    code = "M10"
    when = AT_REST
    remedy = (
        "Handle the events that open and close disputes, or look disputes up when you reconcile. Take lost "
        "money off what you show as paid, and refuse a refund of what the bank has already taken back."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look for refunds on top of lost disputes, then hold the final views against how disputes ended."""
        closed, breaches = [], []
        for order in history.orders:
            closed += [order] if ledger_seqs(history, order, "dispute_lost", "dispute_won") else []
            for lost, refund in paid_back_twice(history, order):
                sentence = f"{order} was refunded beyond what was left after its dispute was lost"
                breaches.append(Breach(order, sentence, (lost.seq, refund.seq), began=refund.seq))
        if why := at_rest(history) if closed else "":
            return Opinion(len(closed), tuple(breaches), why)
        views, missing = final_views(history, closed)
        for order, view in views:
            money, status, paid = history.money(order), view.data["status"], view.data["paid_minor"]
            is_clean = paid is None or paid > money.captured - money.lost
            if (
                money.lost
                and status == "PAID"
                and is_clean
                and (view.data["refunded_minor"] or 0) < money.lost
            ):
                end = "is plainly PAID, though a dispute took money back"
            elif status == "DISPUTED" and not (money.lost or money.disputed):
                end = "is still DISPUTED, though every dispute was won"
            else:
                continue
            proof = (*ledger_seqs(history, order, "dispute_lost", "dispute_won"), view.seq)
            breaches.append(Breach(order, f"{order} {end}", proof, is_always=False))
        return Opinion(len(closed), tuple(breaches), missing)
