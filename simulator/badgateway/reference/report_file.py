"""A settlement report as it was handed out, CSV or JSON, read into our own records without any float."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

ROWS_MAX = 100_000
CSV, JSON = "text/csv", "application/json"
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_KINDS = frozenset({"charge", "refund", "dispute", "fee", "adjustment", "payout"})
_NUMBERS = ("gross_minor", "fee_minor", "net_minor", "original_minor")


class BadReport(ValueError):
    """A report cannot be believed as it is; the message says why."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row as it was read. Amounts are signed minor units."""

    line: str
    kind: str
    payment_id: str | None
    source_id: str | None
    order_reference: str | None
    currency: str
    gross_minor: int
    fee_minor: int
    net_minor: int
    original_minor: int  # before conversion
    original_currency: str
    exchange_rate: str | None


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """One report as it was read: all rows but the payout's own, which is the total."""

    report_id: str
    revision: int
    payout_id: str
    currency: str
    total_minor: int
    rows: tuple[ReportRow, ...]


def read_file(content_type: str, body: bytes) -> ReportSeen:
    """Read a report in the format that its content type names; raises BadReport."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in {CSV, JSON}:
        raise BadReport(f"a report is CSV or JSON, not {kind or 'of no type'}")
    try:
        raw = _rows_of_csv(body) if kind == CSV else _rows_of_json(body)
        rows = [_row(one) for one in raw]
        heads = {(_text(one, "report"), _whole(one["revision"]), _text(one, "payout")) for one in raw}
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error) as problem:
        raise BadReport(f"the report cannot be read: {problem}") from None
    last = [row for row in rows if row.kind == "payout"]
    # A file that broke off on its way has no payout at its end, or rows of two reports.
    if len(heads) != 1 or len(last) != 1 or rows[-1] is not last[0]:
        raise BadReport("the report is not whole: its payout is not its last row")
    ((report, revision, payout),) = heads
    total = last[0]
    if any(row.currency != total.currency for row in rows):
        raise BadReport("the report adds up several currencies")
    return ReportSeen(report, revision, payout, total.currency, -total.net_minor, tuple(rows[:-1]))


def _rows_of_csv(body: bytes) -> list[Mapping[str, Any]]:
    found = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
    return [row for row, _ in zip(found, range(ROWS_MAX), strict=False)]


def _rows_of_json(body: bytes) -> list[Mapping[str, Any]]:
    rows = json.loads(body, parse_float=_no_float, parse_constant=_no_float)["rows"]
    if not isinstance(rows, list):
        raise TypeError("rows is no list")
    return rows[:ROWS_MAX]


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number of minor units")


def _row(raw: Mapping[str, Any]) -> ReportRow:
    kind, currency = _text(raw, "kind"), _text(raw, "currency")
    numbers = {name: _whole(raw[name]) for name in _NUMBERS}
    if kind not in _KINDS:
        raise ValueError(f"unknown kind {kind!r}")
    if numbers["gross_minor"] - numbers["fee_minor"] != numbers["net_minor"]:
        raise ValueError(f"gross less fee is not net in {raw['line']}")
    return ReportRow(
        line=_text(raw, "line"),
        kind=kind,
        payment_id=raw.get("payment") or None,
        source_id=raw.get("source") or None,
        order_reference=raw.get("order_reference") or None,
        currency=currency,
        original_currency=_text(raw, "original_currency"),
        exchange_rate=_rate(raw.get("exchange_rate") or None),
        **numbers,
    )


def _whole(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if not isinstance(raw, str) or not _WHOLE.fullmatch(raw):
        raise ValueError(f"{raw!r} is no whole number of minor units")
    return int(raw)


def _text(raw: Mapping[str, Any], name: str) -> str:
    text = raw[name]
    if not isinstance(text, str) or not text:
        raise ValueError(f"{name} is missing")
    return text


def _rate(raw: object) -> str | None:
    try:
        is_rate = raw is None or (isinstance(raw, str) and Decimal(raw) > 0)
    except InvalidOperation:
        is_rate = False
    if not is_rate:
        raise ValueError(f"{raw!r} is no exchange rate")
    return str(raw) if raw is not None else None
