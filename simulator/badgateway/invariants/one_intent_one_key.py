"""R1: asking again is asking the same, and says so."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.doubt import rivals
from badgateway.journal.history import History
from badgateway.journal.key_use import decisions, reuses


class OneIntentOneKey(Invariant):
    """A request that is tried again carries the same idempotency key, and a key never means two things.

    R1. While a charge or refund is open (unanswered, or answered with nothing sure, and not looked up
    since), no more names for it are in the air than decisions were made; its name is the payment it acts
    on, or its key. The same key comes with the same request for a day. After a clear answer a new key is
    allowed, and due: a decision made after a key's stored failure was told is not spent on that key alone.
    """

    name = "one_intent_one_key"
    code = "R1"
    remedy = (
        "Make one idempotency key for each decision, store it with the intent before the first call, and "
        "send it with every attempt. Make a new one only after a definite refusal, or when the request "
        "itself changes."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look at every request that was made again, and at every key that came again."""
        tested, breaches = 0, []
        for order in history.orders:
            for op in ("charge", "increment", "refund"):
                found = list(rivals(history, order, op))
                tested += len(found)
                # Another provider is another route, and whether it may be used yet is R3's to judge.
                same = (rival for rival in found if not rival.is_other_route)
                wrong = next((rival for rival in same if rival.is_too_many), None)
                if wrong is not None:
                    sentence = (
                        f"the {op} of {order} was sent again under another key while the first was open"
                    )
                    proof = seqs(wrong.earlier[0].arrived, wrong.earlier[0].answered, wrong.call.arrived)
                    breaches.append(Breach(order, sentence, proof, began=wrong.call.arrived.seq))
            for decision in decisions(history, order):
                tested += 1
                if decision.is_wasted:
                    calls = decision.calls
                    sentence = f"{order} was paid anew with a key that only repeats its stored failure"
                    proof = seqs(decision.heard.answered, decision.operation.invoked, calls[0].committed)
                    breaches.append(Breach(order, sentence, proof, began=calls[0].arrived.seq))
        for first, call in reuses(history):
            tested += 1
            if call.arrived.data["body_hash"] != first.arrived.data["body_hash"]:
                sentence = f"one idempotency key came with two requests ({first.op}, then {call.op})"
                breaches.append(Breach(call.arrived.order, sentence, seqs(first.arrived, call.arrived)))
        return Opinion(tested, tuple(breaches))
