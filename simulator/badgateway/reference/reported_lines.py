"""Rows of a settlement report as lines of a payout, as if the provider's own list had told them."""

from __future__ import annotations

from badgateway.reference.report_file import ReportRow
from badgateway.reference.report_import import Report
from badgateway.reference.settled import PayoutSeen, SettledLine

# kind of a row -> category of a movement, and of what undoes one
_CATEGORIES = {
    "charge": ("charge", "charge_failure"),
    "refund": ("refund", "refund_failure"),
    "dispute": ("dispute", "dispute_reversal"),
}


def seen_in(report: Report) -> PayoutSeen:
    """Give the payout of a report."""
    created_s = report.announced_ms // 1000
    return PayoutSeen(report.payout_id, report.total_minor, report.currency, created_s, "paid")


def line_in(report: Report, row: ReportRow) -> SettledLine:
    """Give a row as a line."""
    is_undone = (row.gross_minor < 0) == (row.kind == "charge")
    first, undone = _CATEGORIES.get(row.kind, (row.kind, row.kind))
    return SettledLine(
        provider_id=row.line,
        payout_id=report.payout_id,
        kind=row.kind,
        category=undone if is_undone else first,
        source_id=row.source_id or row.payment_id,
        payment_id=row.payment_id,
        gross_minor=row.gross_minor,
        fee_minor=row.fee_minor,
        net_minor=row.net_minor,
        currency=row.currency,
    )
