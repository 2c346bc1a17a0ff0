"""E6: what the provider really sent is accepted in the end."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, seqs
from badgateway.journal.history import History
from badgateway.journal.joined import Delivery


class GenuineAccepted(Invariant):
    """Every webhook that the provider really sent is accepted in the end.

    E6. For every event that was delivered with a genuine signature and within the tolerance: at rest, one
    of its copies or attempts was answered 2xx. Any other answer only asks to be told again. The provider's
    side events, which an integration may never have subscribed to, are not judged.
    """

    name = "genuine_accepted"
    code = "E6"
    when = AT_REST
    remedy = (
        "Verify the signature over the raw bytes, never over JSON that was parsed and written again. Accept "
        "the old and the new secret while one replaces the other, keep the clock right, and answer 2xx to "
        "what you know already or do not need."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look for events that were refused to the last."""
        sent: dict[str, list[Delivery]] = {}
        for one in history.deliveries():
            if one.is_genuine and one.sent.data["name"] is not None:
                sent.setdefault(str(one.sent.data["event"]), []).append(one)
        refused = [told for told in sent.values() if not any(one.is_acknowledged for one in told)]
        if refused and (why := at_rest(history)):
            return Opinion(len(sent), unknown=why)
        breaches = []
        for told in refused:
            answers = [one.answered.data["status"] if one.answered else None for one in told]
            words = ", ".join(dict.fromkeys("no answer" if one is None else str(one) for one in answers))
            sentence = (
                f"{told[0].sent.data['wire_type']} was sent {len(told)} times and never accepted ({words})"
            )
            proof = seqs(told[0].sent, told[0].answered, told[-1].sent, told[-1].answered)
            breaches.append(Breach(told[0].sent.order, sentence, proof, is_always=False))
        return Opinion(len(sent), tuple(breaches))
