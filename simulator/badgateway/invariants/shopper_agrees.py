"""C1: what the shopper was told is what it came to."""

from __future__ import annotations

from badgateway.invariants.base import (
    AT_REST,
    WAITING,
    Breach,
    Invariant,
    Opinion,
    at_rest,
    final_views,
    money_text,
    seqs,
)
from badgateway.journal.history import History
from badgateway.journal.promises import promised


class ShopperAgrees(Invariant):
    """A shopper who was told that it worked has paid in the end, one who was told that it failed has not.

    C1. At rest, for every order: if paying was answered ok, its status is AUTHORIZED, PAID or better, unless
    it was cancelled or refunded, or the provider took the money back; if every attempt was answered as
    failed, no money of the shopper is kept. Info, or a status that waits, promises nothing.
    """

    name = "shopper_agrees"
    code = "C1"
    when = AT_REST
    remedy = (
        "Answer a payment ok or failed only when the provider has said so finally; say pending otherwise. "
        "Give money back that arrives after you told the shopper that it failed."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Hold the end against what the shopper was told."""
        told = {order: word for order in history.orders if (word := promised(history, order))}
        if why := at_rest(history) if told else "":
            return Opinion(len(told), unknown=why)
        views, missing = final_views(history, told)
        breaches = []
        for order, view in views:
            last, net = told[order], history.money(order).net
            if last.is_ok and view.data["status"] in {*WAITING, "FAILED", "CANCELLED"}:
                sentence = f"the shopper was told that {order} is paid, it ends as {view.data['status']}"
            elif not last.is_ok and net > 0:
                kept = money_text(net, history.currency(order))
                sentence = f"the shopper was told that {order} failed, {kept} were taken and kept"
            else:
                continue
            breaches.append(Breach(order, sentence, seqs(last.entry, view), is_always=False))
        return Opinion(len(told), tuple(breaches), missing)
