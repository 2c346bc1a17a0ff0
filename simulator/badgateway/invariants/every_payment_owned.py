"""M6: every payment that holds money belongs to one order, and the integration knows to which."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, final_views, ledger_seqs
from badgateway.journal.history import History
from badgateway.journal.holding import live, misplaced, owners


class EveryPaymentOwned(Invariant):
    """Every payment that holds a shopper's money is listed with its own order, and with no other.

    M6. At rest: every payment that holds money, or took it and kept it, stands among the references that
    the view of its order shows, and among those of no other; and every reference that looks like a payment
    is one that exists. In REVIEW nothing is missing; views that show no references are not judged.
    """

    name = "every_payment_owned"
    code = "M6"
    when = AT_REST
    remedy = (
        "Send your order's reference with every payment, and store the provider's id with the order before "
        "you go on. Let a reconciliation list the provider's payments and adopt those that you lost."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Hold the references of the final views against the ledger."""
        if "refs" not in history.judgeable:
            return Opinion(not_judged="the integration shows no payment ids of the provider")
        end = len(history.entries)
        payments = {order: live(history, order, end) for order in (None, *history.orders)}
        tested = sum(len(held) for held in payments.values())
        why = at_rest(history) if tested else ""
        views, missing = final_views(history, history.touched() if tested and not why else ())
        views = [(order, view) for order, view in views if view.data["refs"] is not None]
        listed = {ref for _, view in views for ref in view.data["refs"]}
        if why or missing:
            return Opinion(tested, unknown=why or missing)
        if tested and (not views or (listed and not listed.intersection(owners(history)))):
            return Opinion(not_judged="the references that the integration shows are not ids of payments")
        breaches = []
        for order, view in views:
            refs, is_settled = view.data["refs"], view.data["status"] != "REVIEW"
            lost = [one for one in payments[order] if one not in refs and is_settled]
            gaps = [f"{one} holds money of {order}, which does not list it" for one in lost]
            for gap in (*gaps, *misplaced(history, order, refs)):
                proof = (*ledger_seqs(history, order, "auth", "capture"), view.seq)
                breaches.append(Breach(order, gap, proof, is_always=False))
        for one in payments[None]:
            if one not in listed:
                proof = tuple(
                    entry.seq for entry in history.of_kind("ledger.entry") if entry.data["payment"] == one
                )
                gap = f"{one} holds a shopper's money and belongs to no order"
                breaches.append(Breach(None, gap, proof, is_always=False))
        return Opinion(tested, tuple(breaches))
