"""M3: the amounts that are asked of a provider are the agreed ones, to the minor unit."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, money_text, seqs
from badgateway.journal.asked import asked, decided, is_owed
from badgateway.journal.history import History


class ExactAmount(Invariant):
    """Every amount asked of a provider is the agreed one, to the minor unit and in the agreed currency.

    M3. For every applied charge, capture and refund: its amount is one that the shopper or merchant decided
    on by then (a capture or refund may also be of the whole), and its currency is the order's. Where a
    request, applied or not, says what its amount is made of, the parts add up to it. Money that the
    integration owes back, because it took too much or the order was cancelled, may be refunded in any amount.
    """

    name = "exact_amount"
    code = "M3"
    remedy = (
        "Keep amounts as integers in the currency's minor unit, with the number of decimals from ISO 4217 "
        "(JPY has none, KWD has three), and convert in one place. Never pass money through floating point."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Compare each request that was carried out with the decisions before it."""
        tested, breaches = 0, []
        for call in history.calls(None, "charge", "increment", "capture", "refund"):
            order, at = call.arrived.order, call.arrived.seq
            amount, asked_in = asked(history, call)
            if order not in history.orders or amount is None:
                continue
            parts = call.arrived.data.get("breakdown_minor")
            tested += parts is not None and not call.is_applied
            if parts is not None and parts != call.arrived.data["amount_minor"]:
                sums = [money_text(one, asked_in or history.currency(order)) for one in (amount, parts)]
                sentence = f"the {call.op} of {order} asked for {sums[0]}, and its parts come to {sums[1]}"
                breaches.append(Breach(order, sentence, seqs(call.arrived, call.committed)))
            if not call.is_applied:
                continue
            tested += 1
            currency = history.currency(order)
            given = money_text(amount, asked_in or currency)
            if asked_in is not None and asked_in.upper() != currency:
                sentence = f"the {call.op} of {order} asked for {given}, {currency} was agreed"
            elif amount not in decided(history, order, call) and not is_owed(history, order, call):
                agreed = money_text(history.agreed(order, at), currency)
                sentence = (
                    f"the {call.op} of {order} asked for {given} that nobody decided on, {agreed} was agreed"
                )
            else:
                continue
            breaches.append(Breach(order, sentence, seqs(call.arrived, call.committed)))
        return Opinion(tested, tuple(breaches))
