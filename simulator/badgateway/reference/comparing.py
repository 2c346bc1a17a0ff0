"""What counts as an exception when a settlement report is held against our own books."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.reference.report_file import ReportRow


class Comparing:
    """Whatever differs is told, to the last minor unit; what is not due yet is no difference."""

    def is_overdue(self, due_ms: int, now_ms: int) -> bool:
        """Say whether a report that is not there should be; both moments are the provider's."""
        return now_ms >= due_ms

    def is_owed_by(self, provider: str, taken_by: str) -> bool:
        """Say whether a provider's report should tell of what was taken through one: the same one."""
        return provider == taken_by

    def repeated(self, rows: Sequence[ReportRow]) -> list[ReportRow]:
        """Give the rows that tell a movement again, under whatever name of their own."""
        seen: set[tuple[object, ...]] = set()
        again = []
        for row in rows:
            what = (row.kind, row.payment_id, row.source_id, row.gross_minor, row.fee_minor)
            if row.payment_id is not None and what in seen:
                again.append(row)
            seen.add(what)
        return again

    def tells_repeated(self, rows: Sequence[ReportRow]) -> Sequence[ReportRow]:
        """Give those repeated rows that somebody is told of: all of them."""
        return rows

    def differs(self, own_minor: int, told_minor: int) -> bool:
        """Say whether an amount of ours and what the report tells of it are two."""
        return own_minor != told_minor
