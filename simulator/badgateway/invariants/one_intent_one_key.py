"""R1: asking again is asking the same, and says so."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.doubt import rivals
from badgateway.journal.history import History
from badgateway.journal.joined import Call

DAY_MS = 24 * 3_600_000  # how long providers remember a key


class OneIntentOneKey(Invariant):
    """A request that is tried again carries the same idempotency key, and a key never means two things.

    R1. While a charge or refund is open (unanswered, or answered with nothing sure, and not looked up
    since), no more names for it are in the air than decisions were made; its name is the payment it acts
    on, or its key. The same key comes with the same request for a day. After a clear answer a new key is
    allowed.
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
            for op in ("charge", "refund"):
                found = list(rivals(history, order, op))
                tested += len(found)
                wrong = next((rival for rival in found if rival.is_too_many), None)
                if wrong is not None:
                    sentence = (
                        f"the {op} of {order} was sent again under another key while the first was open"
                    )
                    proof = seqs(wrong.earlier[0].arrived, wrong.earlier[0].answered, wrong.call.arrived)
                    breaches.append(Breach(order, sentence, proof, began=wrong.call.arrived.seq))
        bound: dict[str, Call] = {}
        for call in history.calls():
            key = call.arrived.data["key"]
            first = bound.get(key) if key else None
            if key and first is not None and call.arrived.at_ms - first.arrived.at_ms < DAY_MS:
                tested += 1
                if call.arrived.data["body_hash"] != first.arrived.data["body_hash"]:
                    sentence = (
                        f"one idempotency key came with two different requests ({first.op}, then {call.op})"
                    )
                    breaches.append(Breach(call.arrived.order, sentence, seqs(first.arrived, call.arrived)))
            elif key and call.is_applied:
                bound[key] = call
        return Opinion(tested, tuple(breaches))
