"""R3: what nobody knows is not reported as failed."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.doubt import claims, doubts, rivals
from badgateway.journal.history import History


class HonestAmbiguity(Invariant):
    """Nobody is told that a payment failed while nobody can know.

    R3. From a charge or capture that was left without a clear answer until a reply, a look-up or a webhook
    settles it: no view and no answer says FAILED or CANCELLED (unless the order was cancelled on purpose),
    nothing else is charged for the same decision, and no other provider is asked to. A refused connection
    leaves nothing open; an `info` answer claims nothing.
    """

    name = "honest_ambiguity"
    code = "R3"
    remedy = (
        "Treat a lost answer as unknown: show the order as pending, retry with the same key or look the "
        "payment up, and let only a definite answer end it. Do not route to another provider before."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Go through what was said and done while each doubtful call was open."""
        tested, breaches = 0, []
        for order in history.orders:
            words = {"FAILED"} if history.operations(order, "cancel") else {"FAILED", "CANCELLED"}
            taken = [one for one in rivals(history, order, "charge") if one.is_beside]
            for doubt in doubts(history, order, "charge", "capture"):
                tested += 1
                call = doubt.call
                lies = [
                    (view, f"the view of {order} said {view.data['status']}")
                    for view in history.views(order)
                    if view.data["status"] in words and doubt.covers(view.seq)
                ]
                lies += [
                    (told, f"the answer to {told.data['do']} said {told.data['status'] or 'that it failed'}")
                    for told in claims(history, doubt, words)
                ]
                lies += [
                    (rival.call.arrived, f"{order} was {rival.told}")
                    for rival in taken
                    if call in rival.earlier
                ]
                if lies:
                    lie, said = min(lies, key=lambda pair: pair[0].seq)
                    sentence = f"{said} while the outcome of its {call.op} was unknown"
                    proof = seqs(call.arrived, call.answered, lie)
                    breaches.append(Breach(order, sentence, proof, began=lie.seq))
                    break
        return Opinion(tested, tuple(breaches))
