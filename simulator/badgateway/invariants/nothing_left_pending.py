"""R4: everything ends: every operation by its deadline, every order with its money."""

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
from badgateway.journal.history import History


class NothingLeftPending(Invariant):
    """Every operation ends by its deadline, and no order waits for ever for what is long final.

    R4. Every operation of a shopper or merchant returns within the declared deadline, whatever the provider
    does; time that calls were parked at our own gates is taken off, a provider that never answers is not.
    At rest, no order is PENDING or UNPAID while its money is captured, and none PENDING while its hold is
    released.
    """

    name = "nothing_left_pending"
    code = "R4"
    when = AT_REST
    remedy = (
        "Give every operation one deadline for all its attempts, connection, headers and body included, and "
        "answer pending when it is reached. Look pending orders up again until they are final."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Time the operations, then look at what still waits at rest."""
        deadline = float(history.declares.get("deadline_ms") or 0)
        # A busy machine adds a little to everything; a missing deadline adds much.
        limit = deadline * 1.1 + 250
        tested, breaches = 0, []
        for one in history.operations():
            if one.returned is None or one.do in {"sync", "view"} or not deadline:
                continue
            tested += 1
            took = float(one.returned.data["elapsed_ms"]) - float(one.returned.data["parked_ms"] or 0)
            if took > limit:
                sentence = f"{one.do} took {took:.0f} ms, the declared deadline is {deadline:.0f} ms"
                proof = seqs(one.invoked, one.returned)
                breaches.append(Breach(one.invoked.order, sentence, proof, began=one.returned.seq))
        if why := at_rest(history):
            return Opinion(tested, tuple(breaches), why)
        moved = [order for order in history.orders if len(history.moments(order)) > 1]
        views, missing = final_views(history, moved)
        for order, view in views:
            if gap := still_waiting(history, order, view):
                proof = (*ledger_seqs(history, order, "capture", "void", "expire"), view.seq)
                breaches.append(Breach(order, gap, proof, is_always=False))
        return Opinion(tested + len(views), tuple(breaches), missing)
