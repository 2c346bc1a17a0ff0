"""M4: nothing is called paid, and nothing is handed over, without the money."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, final_views, seqs, short
from badgateway.journal.belief import is_trusted
from badgateway.journal.effects import first_handed_over
from badgateway.journal.history import History


class PaidImpliesCaptured(Invariant):
    """What is shown as paid or handed over is covered by money at the provider.

    M4. Handed over at some moment (an effect, shown or sent, named for fulfilment, shipping, delivery,
    credit or access): by then captures less refunds and lost disputes had reached what is due; or holds
    had, or a payment was pending, where it is declared that goods leave on that. PAID at rest: captures,
    or holds, the same; refunds that the view itself shows are not counted against it.
    """

    name = "paid_implies_captured"
    code = "M4"
    when = AT_REST
    remedy = (
        "Take an order for paid only on the provider's own word: a verified webhook or a look-up. Return "
        "pages, request parameters and pending methods prove nothing; wait for the final status and compare "
        "its amount."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look for goods that went out unpaid, then for final views that claim too much."""
        ships_on_hold = history.declares.get("ship_on") in {"authorized", "pending"}
        tested, breaches = 0, []
        for order in history.orders:
            given = first_handed_over(history, order)
            if given is not None:
                tested += 1
                had = [money for seq, money in history.moments(order) if seq <= given.seq]
                best = max(money.net + (money.held if ships_on_hold else 0) for money in had)
                gap = short(history, order, "handed over", best)
                if gap and not is_trusted(history, order, given.seq):
                    breaches.append(Breach(order, gap, (given.seq,)))
        why = at_rest(history)
        views, missing = final_views(history, history.touched())
        for order, view in [] if why else views:
            if view.data["status"] == "PAID":
                tested += 1
                money = history.money(order)
                shown = min(money.refunded, view.data["refunded_minor"] or 0)
                if gap := short(history, order, "PAID", money.net + shown + ships_on_hold * money.held):
                    first = next(one for one in history.views(order) if one.data["status"] == "PAID")
                    breaches.append(Breach(order, gap, seqs(first, view), is_always=False))
        return Opinion(tested, tuple(breaches), why or missing)
