"""R5: each merchant's orders and money stay its own."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.history import History
from badgateway.journal.tenants import calls_by_owner, made, may_act_for, told_by_others, untruths


class Isolation(Invariant):
    """Every call is made with the account of its order's merchant, and no other's event changes an order.

    R5. For every call about an order of one of several merchants: its credential is that of the merchant's
    own account, in the mode of that account, or of one that badgateway.yaml declares to act for it. For
    every event about an order that another merchant's account told: no view after it claims a status, an
    amount or a handed-over effect that was never true, unless a view before it claimed the same.
    """

    name = "isolation"
    code = "R5"
    remedy = (
        "Keep credentials, webhook secrets and modes with the merchant, and look them up by the order, with "
        "no default that stands in. Verify an event with the secret of the address that it came to, and "
        "apply it only to orders of that merchant: order numbers repeat from shop to shop."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Look for credentials of others, and for claims that came with another merchant's event."""
        calls, tested, breaches, missing = calls_by_owner(history), 0, [], ""
        for call, merchant, used in calls:
            if used is not None and not may_act_for(used, merchant):
                order = str(call.arrived.order)
                whose, what = f"{order} belongs to merchant {merchant}", f"its {call.op}"
                asked = f"{what if call.op else 'a call for it'} was asked with the account of merchant"
                sentence = f"{whose}, {asked} {used.data['merchant']}"
                breaches.append(Breach(order, sentence, seqs(call.arrived)))
        for order in history.orders:
            told = told_by_others(history, order)
            tested += len(told)
            if told and not any(view.seq > told[-1].sent.seq for view in history.views(order)):
                missing = f"no view of {order} was read after another merchant's event"
            claims = [(one, one.lie(history, order, untruths(history, order))) for one in told]
            for one, lie in claims:
                if lie is not None:
                    sentence = f"an event of merchant {one.sent.data['merchant']} counted: {lie[1]}"
                    proof = seqs(made(history, one), one.sent, one.answered, lie[0])
                    breaches.append(Breach(order, sentence, proof))
                    break
        return Opinion(len(calls) + tested, tuple(breaches), missing)
