"""R4: everything ends, every operation by its deadline and every order with its money; nothing else stops."""

from __future__ import annotations

from badgateway.invariants.base import (
    AT_REST,
    Breach,
    Invariant,
    Opinion,
    at_rest,
    final_views,
    ledger_seqs,
    seqs,
    still_waiting,
)
from badgateway.journal.availability import asked_meanwhile, calls_of_an_outage, left_orders
from badgateway.journal.history import History
from badgateway.journal.lasting import overdue


class NothingLeftPending(Invariant):
    """Every operation ends by its deadline, and neither an order nor a page waits for a provider for ever.

    R4. Every operation of a shopper or merchant returns within the declared deadline, whatever the provider
    does; time that calls were parked at our own gates is taken off, a provider that never answers is not.
    What needs no provider is answered while a call is held. After as many failures in a row as it declares,
    a provider is left alone for the declared pause. At rest, no order is PENDING or UNPAID while its money is
    captured, none PENDING while its hold is released, none waits for a shopper beyond the declared expiry.
    """

    name = "nothing_left_pending"
    code = "R4"
    when = AT_REST
    remedy = (
        "Give every operation one deadline for all its attempts, and answer pending when it is reached. Hold "
        "no transaction or lock during a call, bound the calls under way, and stop asking a provider that is "
        "down. Look pending orders up again until they are final, and give up those that nobody pays."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Time the operations, look at what was served meanwhile, then at what still waits at rest."""
        tests = [*overdue(history), *asked_meanwhile(history), *calls_of_an_outage(history)]
        unknown = next((one.unknown for one in tests if one.unknown), "")
        why = at_rest(history)
        waits = [] if why else [*left_orders(history)]
        breaches = [
            Breach(one.order, one.wrong, seqs(*one.proof), one not in waits, one.proof[-1].seq, one.is_timed)
            for one in (*tests, *waits)
            if one.wrong
        ]
        moved = [order for order in history.orders if len(history.moments(order)) > 1]
        views, missing = ([], why) if why else final_views(history, moved)
        for order, view in views:
            if gap := still_waiting(history, order, view):
                proof = (*ledger_seqs(history, order, "capture", "void", "expire"), view.seq)
                breaches.append(Breach(order, gap, proof, is_always=False))
        return Opinion(len(tests) + len(waits) + len(views), tuple(breaches), missing or unknown)
