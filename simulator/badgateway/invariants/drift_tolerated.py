"""H2: what a provider's next version says otherwise does no harm."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, at_rest, final_views, gap, seqs
from badgateway.journal.drift import BREAKING, drifted, followed, lie_after
from badgateway.journal.history import History


class DriftTolerated(Invariant):
    """New words, types and fields of a provider change nothing that is not true, and stop nothing.

    H2. For every event and answer in which one thing was changed: the view after it claims nothing that was
    never true. Where a reader copes (an unknown type or word, an extra, a null, an optional field gone), an
    event is not answered 5xx until the provider gives up, and at rest the facts that came after it in known
    words are reflected. Without what is required (its id, its amount) an event is refused, or looked up:
    accepted and not reflected at rest, it was taken for something else.
    """

    name = "drift_tolerated"
    code = "H2"
    remedy = (
        "Take an unknown type, status or field for no news: answer 2xx, keep what you know, and look the "
        "object up. Read no field that you do not need. Refuse an event without its id, and count it."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look at what followed everything that came in other words."""
        tested, breaches, why = 0, [], ""
        for order in history.orders:
            found = drifted(history, order)
            tested += len(found)
            for one in found:
                if lie := lie_after(history, order, one):
                    began = 0 if one.is_event else lie[0].seq
                    sentence = f"{one.name} counted: {lie[1]}"
                    breaches.append(Breach(order, sentence, seqs(one.first, one.last, lie[0]), began=began))
                elif one.given_up and one.drift != BREAKING:
                    proof = seqs(one.first, one.last, one.given_up)
                    sentence = f"{one.name} was answered with an error until the provider gave up"
                    breaches.append(Breach(order, sentence, proof))
            why = why or (at_rest(history) if found else "")
            views, missing = final_views(history, [order] if found and not why else [])
            why = why or missing
            for _, view in views:
                missed = gap(history, order, view)
                for one in found if missed else ():
                    is_swallowed = one.is_accepted and one.drift == BREAKING
                    after = followed(history, order, one) if one.is_event else None
                    if is_swallowed or after:
                        how = "was accepted" if is_swallowed else "stopped what came after it"
                        proof = seqs(one.first, one.last, after.sent if after else None, view)
                        breaches.append(Breach(order, f"{one.name} {how}: {missed}", proof, is_always=False))
        return Opinion(tested, tuple(breaches), why)
