"""Importing settlements: payouts and their lines from the provider into the books, each once."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from badgateway.reference import audit
from badgateway.reference.report_import import import_reports, newest_reports, rows_of
from badgateway.reference.reported_lines import line_in, seen_in
from badgateway.reference.service import Service
from badgateway.reference.settled import PayoutSeen, SettledLine
from badgateway.reference.tables import balance_lines, payouts

_WINDOW_S = 35 * 24 * 3_600  # how long payouts are listed again: one may be told late, or mended


def import_settlement(service: Service) -> int:
    """Read every payout that is new or does not add up yet; gives how many. Raises CallFailed."""
    told = service.policies.settling.reported(service.settings.route)
    return sum(
        _import(service.of(name, route), name) for route in told for name in service.settings.merchants
    )


def _import(service: Service, merchant: str) -> int:
    since_s = max(0, service.clock.wall_ms() // 1000 - _WINDOW_S)
    listed = service.provider.payouts_since(since_s)
    if not listed and service.settings.reports_url:
        return _import_reports(service, merchant)
    with service.store.read() as tx:
        wanted = [payout for payout in listed if not _is_explained(tx, payout)]
    for payout in reversed(wanted):
        lines = service.provider.lines_of(payout.provider_id)
        with service.store.write() as tx:
            _store(tx, service, payout, lines)
    return len(wanted)


def _import_reports(service: Service, merchant: str) -> int:
    """Take payouts from the gateway's reports, where the provider has no list of them."""
    import_reports(service)
    with service.store.read() as tx:
        told = [
            (seen_in(report), [line_in(report, row) for row in rows_of(tx, report.report_id)])
            for report in newest_reports(tx)
            if (report.merchant, report.route) == (merchant, service.route) and report.revision
        ]
        wanted = [(payout, lines) for payout, lines in told if not _is_explained(tx, payout)]
    for payout, lines in wanted:
        with service.store.write() as tx:
            _store(tx, service, payout, lines)
    return len(wanted)


def lines_of(tx: Connection, payout_id: str) -> list[SettledLine]:
    """Read the lines of a payout, in the provider's order of time."""
    found = select(balance_lines).where(balance_lines.c.payout_id == payout_id).order_by(balance_lines.c.id)
    columns = list(SettledLine.__dataclass_fields__)
    return [SettledLine(**{name: getattr(row, name) for name in columns}) for row in tx.execute(found)]


def newest_payouts(tx: Connection, limit: int) -> list[PayoutSeen]:
    """Read the payouts that were imported last, in the order of their import."""
    columns = list(PayoutSeen.__dataclass_fields__)
    rows = tx.execute(select(payouts).order_by(payouts.c.id.desc()).limit(limit)).all()
    return [PayoutSeen(**{name: getattr(row, name) for name in columns}) for row in reversed(rows)]


def _is_explained(tx: Connection, payout: PayoutSeen) -> bool:
    """Say whether a payout is in the books with lines that come to it."""
    return sum(line.net_minor for line in lines_of(tx, payout.provider_id)) == payout.amount_minor


def _store(tx: Connection, service: Service, payout: PayoutSeen, lines: list[SettledLine]) -> None:
    """Write a payout with its lines as they are listed now; what was listed before and is not, goes."""
    now = service.clock.wall_ms()
    row = {**asdict(payout), "imported_ms": now}
    tx.execute(insert_or(payouts).values(row).on_conflict_do_nothing())
    tx.execute(delete(balance_lines).where(balance_lines.c.payout_id == payout.provider_id))
    kept = {line.provider_id: line for line in reversed(lines) if line.kind != "payout"}
    for line in kept.values():
        tx.execute(insert(balance_lines).values(asdict(line)))
    audit.note(tx, now, None, "settlement", payout=payout.provider_id, lines=len(kept))
