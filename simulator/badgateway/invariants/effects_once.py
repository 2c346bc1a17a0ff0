"""E1: what may happen once for an order happens once."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.history import History


class EffectsOnce(Invariant):
    """What may happen once for an order happens once, whatever is sent again.

    E1. For every order, every moment, and every effect that the integration declares to happen at most
    once: its count is at most one. Other effects (a mail for each attempt, say) are not judged.
    """

    name = "effects_once"
    code = "E1"
    remedy = (
        "Let a unique constraint decide which copy of an event is the first: insert its id into an inbox "
        "and do the work in the same transaction. A look before the insert loses the race between two "
        "copies."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Read the counters in every view."""
        once = history.declares.get("once") or ()
        if "effects" not in history.judgeable or not once:
            return Opinion(not_judged="the integration shows no effects, or declares none that happen once")
        tested, breaches = 0, []
        for order in history.orders:
            for effect in once:
                counted = [
                    (view, (view.data["effects"] or {}).get(effect, 0)) for view in history.views(order)
                ]
                tested += any(count for _, count in counted)
                twice = next((pair for pair in counted if pair[1] > 1), None)
                if twice is None:
                    continue
                view, count = twice
                sent = [one for one in history.deliveries(order) if one.sent.seq < view.seq]
                sentence = f"{effect} happened {count} times for {order}"
                proof = seqs(view, *(one.sent for one in sent[-2:]))
                breaches.append(Breach(order, sentence, proof, began=view.seq))
        return Opinion(tested, tuple(breaches))
