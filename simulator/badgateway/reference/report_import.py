"""Settlement reports from the gateway into the books: listed, fetched, checked, stored once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from badgateway.reference import audit
from badgateway.reference.provider import CallFailed
from badgateway.reference.report_file import BadReport, ReportRow, ReportSeen, read_file
from badgateway.reference.sdk import stripe
from badgateway.reference.service import Service
from badgateway.reference.tables import report_rows, reports
from badgateway.reference.wire import BoundedClient

REPORTS_MAX = 30
_ACCEPT = {"csv": "text/csv", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the books know it; revision 0: announced, and not read yet."""

    id: int
    merchant: str
    route: str  # the provider whose payout it is
    report_id: str
    payout_id: str
    currency: str
    total_minor: int
    due_ms: int
    revision: int
    announced_ms: int
    imported_ms: int | None


def import_reports(service: Service) -> int:
    """Read every report that is new or was mended; gives how many. Raises CallFailed."""
    if not service.settings.reports_url:
        return 0
    told = service.policies.settling.reported(service.settings.route)
    return sum(_import(service, name, route) for route in told for name in service.settings.merchants)


def newest_reports(tx: Connection, limit: int = REPORTS_MAX) -> list[Report]:
    """Read the reports that were announced last, oldest first."""
    rows = tx.execute(select(reports).order_by(reports.c.id.desc()).limit(limit)).all()
    return [Report(**row._mapping) for row in reversed(rows)]  # noqa: SLF001 - the documented way to a row's columns


def rows_of(tx: Connection, report_id: str) -> list[ReportRow]:
    """Read the rows of a report, in the order of the file."""
    found = select(report_rows).where(report_rows.c.report_id == report_id).order_by(report_rows.c.n)
    columns = list(ReportRow.__dataclass_fields__)
    return [ReportRow(**{name: getattr(row, name) for name in columns}) for row in tx.execute(found)]


def _import(service: Service, merchant: str, route: str) -> int:
    credential = service.settings.at(route).merchants[merchant].api_key
    listed = _listed(_fetch(service, credential, "/reports", "application/json")[1])
    with service.store.write() as tx:
        for one in listed:
            _announce(tx, merchant, route, one, service.clock.wall_ms())
        known = {one["id"]: _revision(tx, one["id"]) for one in listed}
    wanted = [one for one in listed if one["status"] == "ready" and known[one["id"]] < one["revision"]]
    for one in wanted:
        path, accepted = f"/reports/{one['id']}", _ACCEPT[service.settings.report_format]
        try:
            seen = read_file(*_fetch(service, credential, path, accepted))
            _check(seen, one)
        except BadReport as problem:
            service.log("report_refused", provider_id=one["id"], reason=str(problem))
            raise CallFailed("nothing", "unexpected_report") from problem
        with service.store.write() as tx:
            _store(tx, service, seen)
    return len(wanted)


def _listed(body: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(body)["reports"]
        return [
            {
                "id": str(one["id"]),
                "revision": int(one["revision"]),
                "status": str(one["status"]),
                "payout_id": str(one["payout"]),
                "currency": str(one["currency"]),
                "total_minor": int(one["total_minor"]),
                "due_ms": int(one["due_ms"]),
            }
            for one in found
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise CallFailed("nothing", "unexpected_answer") from problem


def _announce(tx: Connection, merchant: str, route: str, listed: Mapping[str, Any], now_ms: int) -> None:
    values = {name: listed[name] for name in ("payout_id", "currency", "total_minor", "due_ms")}
    whose = {"merchant": merchant, "route": route, "report_id": listed["id"]}
    row = {**values, **whose, "revision": 0, "announced_ms": now_ms}
    tx.execute(insert_or(reports).values(row).on_conflict_do_nothing())


def _revision(tx: Connection, report_id: str) -> int:
    """Give which revision of a report is in the books; 0: it is announced only."""
    return int(tx.execute(select(reports.c.revision).where(reports.c.report_id == report_id)).scalar_one())


def _check(seen: ReportSeen, listed: Mapping[str, Any]) -> None:
    """Refuse a file that is not the one that was listed; raises BadReport."""
    said = (seen.report_id, seen.payout_id, seen.currency, seen.total_minor)
    if said != (listed["id"], listed["payout_id"], listed["currency"], listed["total_minor"]):
        raise BadReport("the file is another report than the one that was listed")


def _store(tx: Connection, service: Service, seen: ReportSeen) -> None:
    """Write a report once; the same revision again changes nothing, a newer one replaces the rows."""
    now = service.clock.wall_ms()
    is_newer = (reports.c.report_id == seen.report_id, reports.c.revision < seen.revision)
    values = {"revision": seen.revision, "imported_ms": now}
    if not tx.execute(update(reports).where(*is_newer).values(values)).rowcount:
        return
    tx.execute(delete(report_rows).where(report_rows.c.report_id == seen.report_id))
    for n, row in enumerate(seen.rows):
        tx.execute(insert(report_rows).values(report_id=seen.report_id, n=n, **asdict(row)))
    audit.note(tx, now, None, "report", report=seen.report_id, revision=seen.revision, rows=len(seen.rows))


def _fetch(service: Service, credential: str, path: str, accepted: str) -> tuple[str, bytes]:
    """Give content type and body; raises CallFailed."""
    settings = service.settings
    wire = BoundedClient(service.clock, service.store.assert_idle, service.policies.deadlines, service.spans)
    wire.allow_ms(settings.call_timeout_ms)
    headers = {"Authorization": f"Bearer {credential}", "Accept": accepted}
    try:
        body, status, told = wire.request("get", f"{settings.reports_url}{path}", headers)
    except stripe.APIConnectionError as problem:
        raise CallFailed("nothing", "no_report") from problem
    if status != 200:
        raise CallFailed("refused", f"http_{status}")
    return str(told.get("Content-Type") or ""), bytes(body)
