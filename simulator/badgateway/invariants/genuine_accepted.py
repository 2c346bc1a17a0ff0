"""E6: what the provider really sent is accepted in the end."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, seqs
from badgateway.journal.history import History
from badgateway.journal.refusing import answers, disabling, is_judged, refused, told_events


class GenuineAccepted(Invariant):
    """Every webhook that the provider really sent is accepted in the end, so that it goes on sending.

    E6. For every event that was delivered with a genuine signature and within the tolerance: at rest, one
    of its copies or attempts was answered 2xx. Any other answer only asks to be told again. The provider's
    side events and those of strangers, which an integration may never have asked for, are not judged by
    themselves; but no refusal may lead to an endpoint that the provider disables.
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
        """Look for events that were refused to the last, and for an endpoint that was disabled for it."""
        tested = sum(is_judged(told) for told in told_events(history).values())
        breaches = []
        for told in refused(history):
            if is_judged(told):
                kind, first, last = told[0].sent.data["wire_type"], told[0], told[-1]
                sentence = f"{kind} was sent {len(told)} times and never accepted ({answers(told)})"
                proof = seqs(first.sent, first.answered, last.sent, last.answered)
                breaches.append(Breach(first.sent.order, sentence, proof, is_always=False))
        if found := disabling(history):
            ended, vain = found
            lost = history.of_kind("webhook.lost")
            missed = [one for one in lost if one.data["why"] == "disabled" and one.order is not None]
            kinds = ", ".join(dict.fromkeys(str(told[0].sent.data["wire_type"]) for told in vain))
            sentence = f"the provider disabled the endpoint, which refused {kinds} ({answers(vain[-1])})"
            sentence += f"; events that it never sent after that: {len(missed)}" if missed else ""
            proof = seqs(*(told[-1].sent for told in vain[-3:]), ended, *missed[:2])
            breaches.append(Breach(missed[0].order if missed else None, sentence, proof, is_always=False))
        if breaches and (why := at_rest(history)):
            return Opinion(tested, unknown=why)
        return Opinion(tested + len(history.of_kind("webhook.disabled")), tuple(breaches))
