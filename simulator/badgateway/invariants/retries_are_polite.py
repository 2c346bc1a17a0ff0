"""R2: who tries again does so seldom, late enough, and only where it may help."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.history import History
from badgateway.journal.retrying import asked_to_wait, bursts, hard_declines

ATTEMPTS_MAX = 10  # of one request, without any new reason


class RetriesArePolite(Invariant):
    """What is tried again is tried a few times, not before it is asked for, and never after a hard decline.

    R2. One operation on one order is attempted at most 10 times without a new reason (an operation, a
    webhook, a restart, time that passed). After an answer with Retry-After the same request comes no
    earlier, in real time. After a hard decline nothing more is charged until the shopper decides anew, for
    without that it can only be the same method.
    """

    name = "retries_are_polite"
    code = "R2"
    remedy = (
        "Bound the attempts, and let the pauses between them grow. Wait as long as Retry-After says, or give "
        "up and look again later. Ask the shopper for another card after a decline that must not be repeated."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Count attempts, measure pauses, and look at what followed hard declines."""
        tested, breaches = 0, []
        for burst in bursts(history):
            tested += len(burst) - 1
            if len(burst) > ATTEMPTS_MAX:
                first, over = burst[0], burst[ATTEMPTS_MAX].arrived
                sentence = f"the {first.op} was attempted {len(burst)} times without a new reason"
                proof = seqs(first.arrived, over, burst[-1].arrived)
                breaches.append(Breach(first.arrived.order, sentence, proof, began=over.seq))
        for call, wait_ms, again in asked_to_wait(history):
            tested += 1
            if again is not None and call.answered is not None:
                waited = again.arrived.real_ms - call.answered.real_ms
                sentence = (
                    f"the {call.op} came again after {waited:.0f} ms, it was asked to wait {wait_ms} ms"
                )
                proof = seqs(call.answered, again.arrived)
                breaches.append(Breach(call.arrived.order, sentence, proof, began=again.arrived.seq))
        for call, repeated in hard_declines(history):
            tested += 1
            if repeated is not None:
                sentence = f"{call.arrived.order} was charged again after a decline that must not be repeated"
                proof = seqs(call.committed, call.answered, repeated.arrived)
                breaches.append(Breach(call.arrived.order, sentence, proof, began=repeated.arrived.seq))
        return Opinion(tested, tuple(breaches))
