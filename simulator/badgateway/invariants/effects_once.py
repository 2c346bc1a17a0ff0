"""E1: what may happen once for an order happens once."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, seqs
from badgateway.journal.effects import counted, owed
from badgateway.journal.history import History


class EffectsOnce(Invariant):
    """What may happen once for an order happens once, whatever is sent again.

    E1. For every order, every moment, and every effect that the integration declares to happen at most
    once: its count is at most one, in the views and at the sink, which counts what comes again under a
    known key once. At rest, what is declared as owed with the order's status has arrived at the sink.
    """

    name = "effects_once"
    code = "E1"
    when = AT_REST
    remedy = (
        "Let a unique constraint decide which copy of an event is the first: insert its id into an inbox "
        "and do the work in the same transaction. Send effects from an outbox that is written in that "
        "transaction, under a key of their own, until they are answered."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Count every effect, then look for what never came."""
        once, is_sent = history.declares.get("once") or (), "sink" in history.judgeable
        if not (is_sent or "effects" in history.judgeable) or not (
            once or history.declares.get("effects_due")
        ):
            return Opinion(not_judged="the integration shows no effects, or declares none that happen once")
        tested, breaches = 0, []
        for order in history.orders:
            for effect in once:
                counts = counted(history, order, effect)
                tested += bool(counts)
                twice = min((one for one in counts if one.count > 1), key=lambda o: o.entry.seq, default=None)
                if twice is None:
                    continue
                seq = twice.entry.seq
                sent = [one for one in history.deliveries(order) if one.sent.seq < seq]
                before = next((one.entry for one in counts if one.entry.kind == twice.entry.kind), None)
                proof = seqs(before, *(one.sent for one in sent[-2:]), twice.entry)
                sentence = f"{effect} happened {twice.count} times for {order}"
                breaches.append(Breach(order, sentence, proof, began=seq))
        why = at_rest(history) if is_sent and history.declares.get("effects_due") else ""
        for order in [] if why else history.touched():
            for effect, view in owed(history, order):
                sentence = f"{order} is {view.data['status']}, and its {effect} was never sent"
                breaches.append(Breach(order, sentence, (view.seq,), is_always=False))
        return Opinion(tested, tuple(breaches), why)
