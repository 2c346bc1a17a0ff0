"""M7: what goes back was taken, and was asked for."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, money_text, seqs
from badgateway.journal.entry import Entry
from badgateway.journal.history import History
from badgateway.journal.refunding import decided, is_returned_otherwise, made, standing, total, undecided


class RefundsConserved(Invariant):
    """No more is refunded than was captured, and each refund that was asked for happens once.

    M7. At every moment: the refunds that the integration made, less those that failed, add up to at most
    the captures. At rest: their number and sum are at least those of the refunds answered ok, and at most
    those answered ok or info. A refund from the dashboard is not its own, one that it owes needs no decision.
    """

    name = "refunds_conserved"
    code = "M7"
    when = AT_REST
    remedy = (
        "Book a refund, with its own idempotency key, in one transaction with the check of what is left, "
        "before you ask the provider. Repeat it with that key, and say ok only once the provider took it."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Add refunds up in ledger order, then hold them against the decisions."""
        tested, breaches, why = 0, [], ""
        for order in history.orders:
            refunds, asked = made(history, order), history.operations(order, "refund")
            tested += len(refunds) + len(asked)
            for entry in refunds:
                back, taken = standing(history, order, entry.seq), history.money(order, entry.seq).captured
                if total(back) > taken:
                    currency = history.currency(order)
                    had, gone = money_text(taken, currency), money_text(total(back), currency)
                    sentence = f"{gone} of {order} went back, {had} had been captured"
                    breaches.append(Breach(order, sentence, seqs(*back), began=entry.seq))
                    break
            why = why or (at_rest(history) if asked else "")
            if asked and not why and (gap := _difference(history, order, refunds)):
                proof = seqs(*refunds, *(one.returned or one.invoked for one in asked))
                breaches.append(Breach(order, gap, proof, is_always=False))
        return Opinion(tested, tuple(breaches), why)


def _difference(history: History, order: str, refunds: tuple[Entry, ...]) -> str:
    sure, possible = decided(history, order, "ok"), decided(history, order, "ok", "info")
    owed = undecided(history, order)
    kept = [one for one in standing(history, order, len(history.entries)) if one.seq not in owed]
    count, gone, limit, bound = len(kept), total(kept), "at most", possible
    if count <= len(bound) and gone <= sum(bound):
        count, gone, limit, bound = len(refunds), total(refunds), "at least", sure
        if is_returned_otherwise(history, order) or (count >= len(bound) and gone >= sum(bound)):
            return ""
    sums = [money_text(one, history.currency(order)) for one in (gone, sum(bound))]
    return (
        f"{count} refunds of {order}, {sums[0]}, were made; its answers allow {limit} {len(bound)}, {sums[1]}"
    )
