"""R2: who tries again does so seldom, late enough, and only where it may help."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.joined import Call
from badgateway.journal.retrying import asked_to_wait, bursts, hard_declines, overdone

ATTEMPTS_MAX = 10  # where the integration declares no bound of its own


class RetriesArePolite(Invariant):
    """What is tried again is tried a few times, not before it is asked for, and never after a hard decline.

    R2. For each decision of a shopper or merchant, one operation on one order is attempted at most as often
    as declared (else 10 times) without a new reason: an operation, a webhook, a restart, time that passed.
    After an answer with Retry-After the same request comes no earlier, in real time. Pauses do not shrink, up
    to the declared cap. After a hard decline the same card is not charged until the shopper decides anew.
    """

    name = "retries_are_polite"
    code = "R2"
    remedy = (
        "Bound the attempts, and let the pauses between them grow. Wait as long as Retry-After says, or give "
        "up and look again later. Ask the shopper for another card after a decline that must not be repeated."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Count attempts, measure pauses, and look at what followed hard declines."""
        waits, declines = [*asked_to_wait(history)], [*hard_declines(history)]
        bound = int(history.declares.get("retries_max") or ATTEMPTS_MAX)
        breaches = [_breach(*one) for one in overdone(history, bound)]
        again = sum(len(burst) - 1 for burst in bursts(history))
        for call, wait_ms, early in waits:
            if early is not None and (told := call.answered) is not None:
                waited = early.arrived.real_ms - told.real_ms
                said = f"the {call.op} came again after {waited:.0f} ms, it was asked to wait {wait_ms} ms"
                breaches.append(_breach(call, said, early, told))
        for call, same in declines:
            if same is not None:
                said = f"{call.arrived.order} was charged again after a decline that must not be repeated"
                breaches.append(_breach(call, said, same, call.committed, call.answered))
        return Opinion(again + len(waits) + len(declines), tuple(breaches))


def _breach(first: Call, said: str, at: Call, *proof: Entry | None) -> Breach:
    return Breach(first.arrived.order, said, seqs(*proof, at.arrived), began=at.arrived.seq)
