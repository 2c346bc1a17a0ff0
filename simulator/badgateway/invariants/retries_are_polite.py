"""R2: who tries again does so seldom, late enough, and only where it may help."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.declining import REPEATS_MAX, against_advice, repeats
from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.joined import Call
from badgateway.journal.retrying import asked_to_wait, bursts, overdone

ATTEMPTS_MAX = 10  # where the integration declares no bound of its own


class RetriesArePolite(Invariant):
    """What is tried again is tried a few times, not before it is asked for, and never after a hard decline.

    R2. For each decision of a shopper or merchant, one operation on one order is attempted at most as often
    as declared (else 10 times) without a new reason: an operation, a webhook, a restart, time that passed.
    After an answer with Retry-After the same request comes no earlier, in real time. Pauses do not shrink, up
    to the declared cap. After a decline that is hard, or that only the shopper can mend, the same card is not
    charged until she decides anew; after a soft one at most 20 times more in 30 days of virtual time.
    """

    name = "retries_are_polite"
    code = "R2"
    remedy = (
        "Bound the attempts, and let the pauses between them grow. Wait as long as Retry-After says, or give "
        "up and look again later. Ask the shopper for another card after a decline that must not be repeated."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Count attempts, measure pauses, and look at what followed hard declines."""
        waits, declines = [*asked_to_wait(history)], [*against_advice(history)]
        chains = [*repeats(history)]
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
        for chain in (chain for chain, is_too_many in chains if is_too_many):
            said = f"{chain[0].arrived.order} was charged {len(chain) - 1} times more after a soft decline"
            last = chain[REPEATS_MAX + 1]
            breaches.append(_breach(chain[0], said, last, chain[0].committed, chain[-1].arrived))
        return Opinion(again + len(waits) + len(declines) + len(chains), tuple(breaches))


def _breach(first: Call, said: str, at: Call, *proof: Entry | None) -> Breach:
    return Breach(first.arrived.order, said, seqs(*proof, at.arrived), began=at.arrived.seq)
