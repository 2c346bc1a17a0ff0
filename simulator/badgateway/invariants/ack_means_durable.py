"""E4: an acknowledged webhook is not forgotten, and a refused one is not given up."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, final_views, gap, seqs
from badgateway.journal.drift import veiled
from badgateway.journal.history import History
from badgateway.journal.joined import Delivery


class AckMeansDurable(Invariant):
    """What a webhook told is in the books in the end once it was answered 2xx.

    E4. For every genuine event about captured or returned money that was answered 2xx: at rest its fact is
    reflected by the order's view. An event may end without a 2xx only if its fact is reflected all the
    same.
    """

    name = "ack_means_durable"
    code = "E4"
    when = AT_REST
    remedy = (
        "Commit the event to your own database before you answer 2xx, and work on it from there. Answer "
        "with an error while you cannot, so that the provider sends it again."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look whether the last acknowledged word about an order's money arrived."""
        kinds = {"capture", "capture_fail", "refund", "refund_fail"}
        moving = {one.data["seq"] for one in history.of_kind("ledger.entry") if one.data["kind"] in kinds}
        moving -= veiled(history)
        sent: dict[str, list[Delivery]] = {}
        for one in history.deliveries():
            facts = one.event.data["facts"] or () if one.event else ()
            if one.is_genuine and one.sent.order in history.orders and moving.intersection(facts):
                sent.setdefault(str(one.sent.order), []).append(one)
        if why := at_rest(history) if sent else "":
            return Opinion(unknown=why)
        views, missing = final_views(history, sent)
        breaches = []
        for order, view in views:
            if missed := gap(history, order, view):
                last = ([one for one in sent[order] if one.is_acknowledged] or sent[order])[-1]
                how = "was answered 2xx and forgotten" if last.is_acknowledged else "was never accepted"
                proof = seqs(last.sent, last.answered, view)
                sentence = f"{last.sent.data['wire_type']} {how}: {missed}"
                breaches.append(Breach(order, sentence, proof, is_always=False))
        return Opinion(sum(len(told) for told in sent.values()), tuple(breaches), missing)
