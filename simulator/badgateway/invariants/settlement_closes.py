"""M11: every payout is explained by what was taken, given back, lost, kept and adjusted."""

from __future__ import annotations

from typing import Any

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, money_text, seqs
from badgateway.journal.history import History
from badgateway.journal.settling import TERMS, Statement, known, reported, statements


class SettlementCloses(Invariant):
    """The settlement report explains every payout, term by term, or says what does not add up.

    M11. For every payout and currency: paid = captured - refunded - lost + won - fees + adjusted, and each
    term in the report is that of the payout's lines, or what the provider's list wrongly told. A list that
    cannot add up is an exception. What is settled and not paid out at the end is not judged.
    """

    name = "settlement_closes"
    code = "M11"
    when = AT_REST
    remedy = (
        "Import every line of a payout, reserves and adjustments included, with the fee that the provider "
        "states. Add them up, compare with the payout and with your own ledger, and list what is left."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Hold each row of the report against the lines of its payout."""
        found = list(statements(history))
        if not found:
            return Opinion()
        if "settlement" not in history.judgeable:
            return Opinion(not_judged="the integration shows no settlement report")
        report, rows = reported(history)
        if report is None or not history.is_quiescent:
            return Opinion(len(found), unknown=at_rest(history) or "its settlement report cannot be read")
        shows, breaches = frozenset(report.data["shows"]), []
        found, untold = known(history, found, report, rows)
        for one in found:
            if one not in untold and (sentence := _wrong(one, rows.get(one.id), shows)):
                proof = seqs(one.entry, *one.lines, report)
                breaches.append(Breach(None, sentence, proof, is_always=False, began=one.entry.seq))
        return Opinion(len(found), tuple(breaches), "a payout was told to nobody" if untold else "")


def _wrong(one: Statement, row: Any, shows: frozenset[str]) -> str:
    name = f"the payout of {money_text(one.paid, one.currency)}"
    if row is None:
        return f"{name} is not in the settlement report"
    if (row["paid"], row["currency"]) != (one.paid, one.currency):
        return f"{name} is reported as {money_text(row['paid'], row['currency'])}"
    read = {term: one.read(term, row[term]) for term in TERMS if term in shows}
    for term in (term for term, minor in read.items() if minor is None):
        was, told = (money_text(amount, one.currency) for amount in (one.real[term], row[term]))
        return f"{name} is reported with {told} {term}, it holds {was}"
    is_open = len(read) == len(TERMS) and not one.adds_up({term: minor or 0 for term, minor in read.items()})
    if "exceptions" in shows and not row["exceptions"] and (is_open or one.is_wrong):
        return f"{name} is reported as explained, though its lines do not add up to it"
    return ""
