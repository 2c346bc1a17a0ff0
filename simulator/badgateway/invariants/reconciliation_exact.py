"""M12: reconciliation finds what the settlement got wrong, all of it, and nothing else."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, money_text, seqs
from badgateway.journal.history import History
from badgateway.journal.reconciling import Injected, Row, injected, reconciled, unseen


class ReconciliationExact(Invariant):
    """Reconciliation reports exactly what the provider's settlement got wrong, no more and no less.

    M12. Each line left out, told twice or misstated is an exception of its kind and amount, as is a report
    that is overdue; nothing else is. Only kinds that badgateway.yaml names are asked for.
    """

    name = "reconciliation_exact"
    code = "M12"
    when = AT_REST
    remedy = (
        "Compare three ways, row by row and in minor units: the provider's report, your ledger, your orders. "
        "Keep a row that comes twice, expect a report on its due day and not before, tolerate no difference."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Hold the exceptions of the last reading against what was injected."""
        payouts = len(history.of_kind("settlement.payout"))
        if not payouts:
            return Opinion()
        if "reconciliation" not in history.judgeable:
            return Opinion(not_judged="the integration shows no reconciliation")
        read = reconciled(history)
        if read is None or not read.data["is_readable"] or not history.is_quiescent:
            return Opinion(payouts, unknown=at_rest(history) or "its reconciliation cannot be read")
        shows, rows = frozenset(read.data["shows"]), list[Row](read.data["rows"])
        must = [word for word in ("owner", "remedy") if word in shows]
        lacking = [f"{_named(row)} has no {word}" for row in rows for word in must if not row[word]]
        breaches = [Breach(None, what, (read.seq,), is_always=False) for what in lacking]
        for one in injected(history, read):
            told = next((row for row in rows if one.is_told_by(row)), None)
            if told is not None:
                rows.remove(told)
            if one.kind in shows and (wrong := _wrong(one, told)):
                breaches.append(Breach(one.entry.order, wrong, seqs(one.entry, read), is_always=False))
        for row in rows:
            if row["kind"] != "unbooked" or unseen(history).isdisjoint(row["references"]):
                what = f"{_named(row)} is told, and the settlement has no such error"
                breaches.append(Breach(None, what, (read.seq,), is_always=False))
        return Opinion(payouts, tuple(breaches))


def _wrong(one: Injected, told: Row | None) -> str:
    what = f"{money_text(max(one.amounts), one.currency)} {one.kind} in the settlement report"
    if one.is_open or (told is not None and one.is_amount_of(told)):
        return ""
    return f"{what} is no exception" if told is None else f"{what} has another amount: {_named(told)}"


def _named(row: Row) -> str:
    return f"the exception {row['raw']} over {money_text(abs(row['amount_minor']), row['currency'])}"
