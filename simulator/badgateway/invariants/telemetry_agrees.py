"""T1: what the integration tells about itself is what happened."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, seqs
from badgateway.journal.history import History
from badgateway.journal.telemetry import too_slow, unrecorded, untrue


class TelemetryAgrees(Invariant):
    """Counters, transition records and service levels say what happened.

    T1. At rest, for every declared counter: what it gained in the play is within what the journal allows.
    For every order: each transition that is reported has a correlation id and an actor, and the last leads
    to the status that is shown. While nothing goes wrong: declared service levels hold.
    """

    name = "telemetry_agrees"
    code = "T1"
    when = AT_REST
    remedy = (
        "Count what was concluded, once, in the transaction that concludes it, and not what was attempted. "
        "Write every change of state with the one who caused it and a number that it shares with its cause."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Hold counters, records and times against the journal."""
        if not history.judgeable & {"counters", "transitions"}:
            return Opinion(not_judged="the integration declares no counters and no transition records")
        judged = [untrue(history), unrecorded(history)]
        wrong = [one for _, found in judged for one in found]
        breaches = [Breach(at.order, what, (at.seq,), is_always=False) for what, at in wrong]
        late = too_slow(history)
        breaches += [Breach(begin.order, what, seqs(begin, end), is_timed=True) for begin, end, what in late]
        return Opinion(sum(count for count, _ in judged), tuple(breaches))
