"""Reconciliation: the provider's report, our own ledger and the orders, and whatever does not agree."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from badgateway.reference.contract_fees import explaining
from badgateway.reference.own_ledger import Movement, movements
from badgateway.reference.report_file import ReportRow
from badgateway.reference.report_import import Report, newest_reports, rows_of
from badgateway.reference.service import Service

# kind -> who sees to it, and what is to be done
_KINDS = {
    "missing": ("provider", "Ask the provider to settle it; nothing of it has been paid out in this report."),
    "repeated": ("provider", "Book it once, and ask the provider to take the second row back."),
    "misstated": ("provider", "Book what was really taken, and claim the difference from the provider."),
    "overdue": ("provider", "Ask the provider for the report; its payout cannot be explained without it."),
    "unbooked": ("engineering", "Find the payment at the provider and adopt it, or give the money back."),
    "unrecorded": ("operations", "The money has moved and its order does not say so: look the payment up."),
    "unexplained": ("finance", "Nothing we know comes to this difference: ask the provider for its lines."),
}
_UNPAID = frozenset({"UNPAID", "PENDING", "FAILED"})


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One thing that does not agree; the amount says how much is in question."""

    kind: str
    report: str
    payout: str
    currency: str
    amount_minor: int
    payment: str | None = None
    source: str | None = None
    order: str | None = None
    owner: str = ""
    remedy: str = ""


def reconciliation(service: Service, now_ms: int) -> dict[str, Any]:
    """Give the newest reports and their exceptions; `now_ms` is by the provider's clock."""
    policy = service.policies.comparing
    with service.store.read() as tx:
        known = newest_reports(tx)
        rows = {one.report_id: rows_of(tx, one.report_id) for one in known}
        own = movements(tx, [row.payment_id for told in rows.values() for row in told if row.payment_id])
    found: list[Exceptional] = []
    shown = []
    for report in known:
        if report.revision:
            compared = _Compared(service, report, rows, own)
            found += compared.exceptions()
            # What one report has left out is not looked for in the next as well.
            own = [one for one in own if one not in compared.claimed]
        elif policy.is_overdue(report.due_ms, now_ms):
            found.append(_exception("overdue", report, report.total_minor))
        shown.append(
            {
                "id": report.report_id,
                "payout": report.payout_id,
                "currency": report.currency,
                "total_minor": report.total_minor,
                "revision": report.revision,
                "status": "imported" if report.revision else "awaited",
            }
        )
    return {"reports": shown, "exceptions": [asdict(one) for one in found]}


class _Compared:
    """One report held against our own ledger and the orders."""

    def __init__(
        self, service: Service, report: Report, rows: dict[str, list[ReportRow]], own: list[Movement]
    ) -> None:
        self._policy, self._report, self._own = service.policies.comparing, report, own
        self._exponent = service.policies.minor_units.exponent
        self._fees, self._preferred = service.settings.fees, service.settings.provider
        self._rows = rows[report.report_id]
        self._told = [row for told in rows.values() for row in told]
        self.claimed: tuple[Movement, ...] = ()

    def exceptions(self) -> list[Exceptional]:
        """Give what does not agree: row by row, and at last what the rows do not come to."""
        repeated = [row for row in self._policy.repeated(self._rows) if self._is_too_much(row)]
        booked = [row for row in self._rows if not any(row is one for one in repeated)]
        told = self._policy.tells_repeated(repeated)
        found = [_exception("repeated", self._report, row.gross_minor, row) for row in told]
        left = self._report.total_minor - sum(row.net_minor for row in booked)
        for row in (one for one in booked if one.payment_id is not None):
            movement = next((one for one in self._own if one.is_told_by(row)), None)
            if movement is None:
                found.append(_exception("unbooked", self._report, row.gross_minor, row))
                continue
            due = self._due_minor(movement, row)
            if self._policy.differs(due, row.gross_minor):
                found.append(_exception("misstated", self._report, due - row.gross_minor, row, movement))
                left -= due - row.gross_minor
            if movement.status in _UNPAID:
                found.append(_exception("unrecorded", self._report, row.gross_minor, row, movement))
        return [*found, *self._missing(left)] if left else found

    def _missing(self, left_minor: int) -> list[Exceptional]:
        """Give the movements that no report tells and that come to what is left, or else just that."""
        untold = [one for one in self._own if not any(one.is_told_by(row) for row in self._told)]
        report = self._report
        same = [one for one in untold if (one.currency, one.merchant) == (report.currency, report.merchant)]
        home, owes = self._preferred, self._policy.is_owed_by
        same = [one for one in same if owes(report.route or home, one.route or home)]
        # What we began after we saw the report cannot be in it, by our own clock; the provider's may differ.
        known = [one for one in same if one.created_ms <= report.announced_ms]
        likely = sorted(known, key=lambda one: one.created_ms, reverse=True)
        self.claimed = explaining(left_minor, likely, self._fees, self._exponent(report.currency))
        if not self.claimed:
            return [_exception("unexplained", report, left_minor)]
        return [_exception("missing", report, one.amount_minor, movement=one) for one in self.claimed]

    def _is_too_much(self, row: ReportRow) -> bool:
        """Say whether the rows like this one tell more than we know of: parts may be of one size."""
        movement = next((one for one in self._own if one.is_told_by(row)), None)
        if movement is None or movement.kind != "charge":
            return True
        told = sum(one.original_minor for one in self._told if movement.is_told_by(one))
        return abs(told) > abs(movement.amount_minor)

    def _due_minor(self, movement: Movement, row: ReportRow) -> int:
        """Give what a row should tell of a movement, in the currency of the report.

        Where one payment was captured in parts, what its other rows tell is taken off.
        """
        others = [one for one in self._told if movement.is_told_by(one) and one.line != row.line]
        alike = {
            (one.payment_id, one.source_id, one.gross_minor) for one in self._policy.repeated(self._rows)
        }
        told = sum(
            one.original_minor
            for one in others
            if (one.payment_id, one.source_id, one.gross_minor) not in alike
        )
        due = movement.amount_minor - told
        if row.exchange_rate is None:
            return due
        scaled = Decimal(due).scaleb(-self._exponent(row.original_currency)) * Decimal(row.exchange_rate)
        whole = scaled.scaleb(self._exponent(row.currency)).quantize(Decimal(1), ROUND_HALF_UP)
        # Rates are told with few digits: the last unit may go either way.
        return row.gross_minor if abs(int(whole) - row.gross_minor) <= 1 else int(whole)


def _exception(
    kind: str,
    report: Report,
    amount_minor: int,
    row: ReportRow | None = None,
    movement: Movement | None = None,
) -> Exceptional:
    owner, remedy = _KINDS[kind]
    made = Exceptional(kind, report.report_id, report.payout_id, report.currency, amount_minor)
    if row is not None:
        made = replace(made, payment=row.payment_id, source=row.source_id, order=row.order_reference)
    if movement is not None:
        made = replace(made, payment=movement.payment_id, source=movement.source_id, order=movement.order)
    return replace(made, owner=owner, remedy=remedy)
