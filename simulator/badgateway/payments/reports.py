"""The settlement report of each payout as the gateway hands it out: its rows, its total, when it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from badgateway.payments.settlement import Line, Payout, Settlement

# kind of a line -> kind of its row; an adjustment for fees is a fee
_KINDS = {
    "capture": "charge",
    "capture_fail": "charge",
    "refund": "refund",
    "refund_fail": "refund",
    "dispute_open": "dispute",
    "dispute_won": "dispute",
    "adjust": "adjustment",
}
KINDS = ("charge", "refund", "dispute", "fee", "adjustment", "payout")
ROWS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a report, as it is written. Amounts are signed minor units; net is gross less fee."""

    report: str
    revision: int
    payout: str
    line: str
    kind: str  # one of KINDS
    payment: str | None
    order_reference: str | None
    source: str | None  # the refund or dispute that moved it
    settled_ms: int
    currency: str
    gross_minor: int
    fee_minor: int
    net_minor: int
    original_minor: int  # before conversion
    original_currency: str
    exchange_rate: str | None  # decimal text
    reason: str | None  # of an adjustment or fee that no payment stands behind


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one payout. Times are virtual milliseconds."""

    id: str
    revision: int  # grows when rows are mended
    payout: str
    currency: str
    total_minor: int  # what was paid out
    cutoff_ms: int  # what moved until then is in it
    created_ms: int
    due_ms: int
    ready_ms: int
    rows: tuple[Row, ...]  # the payout itself, which takes the sum to nothing, is the last

    def is_ready(self, now_ms: int) -> bool:
        """Say whether it is handed out by now."""
        return now_ms >= self.ready_ms


def report_id(payout_id: str) -> str:
    """Give the id of a payout's report, which stays the same when the report is mended."""
    return f"sr_{payout_id.rpartition('_')[2]}"


def reports_of(
    settlement: Settlement,
    reference_of: Callable[[str], str | None] = lambda _: None,
    shown: Callable[[str], str] = str,
) -> tuple[Report, ...]:
    """Give the report of every payout, oldest first, as it is now; flaws of the provider's list included.

    `reference_of` gives the merchant's own reference of a payment, `shown` what the provider calls a refund
    or a dispute.
    """
    stated = settlement.stated()
    return tuple(
        _report(
            payout,
            settlement,
            [_spelt(one, shown) for one in stated if one.payout_id == payout.id],
            reference_of,
        )
        for payout in settlement.payouts()
    )


def summary(report: Report, now_ms: int) -> dict[str, object]:
    """Give what a list of reports says of one: everything but its rows, and whether it is handed out."""
    told = {name: value for name, value in asdict(report).items() if name not in {"rows", "ready_ms"}}
    return told | {"rows": len(report.rows), "status": "ready" if report.is_ready(now_ms) else "announced"}


def _report(
    payout: Payout, settlement: Settlement, lines: list[Line], reference_of: Callable[[str], str | None]
) -> Report:
    report, revision = report_id(payout.id), settlement.revision(payout.id)
    rows = [_row(line, report, revision, payout.id, reference_of) for line in lines]
    last = Row(
        report=report,
        revision=revision,
        payout=payout.id,
        line=f"{report}_total",
        kind="payout",
        payment=None,
        order_reference=None,
        source=None,
        settled_ms=payout.created_ms,
        currency=payout.currency,
        gross_minor=-payout.amount_minor,
        fee_minor=0,
        net_minor=-payout.amount_minor,
        original_minor=-payout.amount_minor,
        original_currency=payout.currency,
        exchange_rate=None,
        reason=None,
    )
    assert len(rows) < ROWS_MAX, "a story moves money a bounded number of times"
    return Report(
        id=report,
        revision=revision,
        payout=payout.id,
        currency=payout.currency,
        total_minor=payout.amount_minor,
        cutoff_ms=payout.cutoff_ms,
        created_ms=payout.created_ms,
        due_ms=payout.due_ms,
        ready_ms=payout.report_ms,
        rows=(*rows, last),
    )


def _spelt(line: Line, shown: Callable[[str], str]) -> Line:
    source = line.refund_id or line.dispute_id
    return line if source is None else replace(line, refund_id=shown(source), dispute_id=None)


def _row(
    line: Line, report: str, revision: int, payout: str, reference_of: Callable[[str], str | None]
) -> Row:
    return Row(
        report=report,
        revision=revision,
        payout=payout,
        line=line.id,
        kind="fee" if line.reason == "charge" else _KINDS[line.kind],
        payment=line.payment_id,
        order_reference=reference_of(line.payment_id) if line.payment_id is not None else None,
        source=line.refund_id or line.dispute_id,
        settled_ms=line.created_ms,
        currency=line.currency,
        gross_minor=line.gross_minor,
        fee_minor=line.fee_minor,
        net_minor=line.net_minor,
        original_minor=line.source_minor,
        original_currency=line.source_currency,
        exchange_rate=line.exchange_rate,
        reason=line.reason,
    )
