"""A settlement report as a file: CSV for spreadsheets, JSON for programs; the same rows in either."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from types import MappingProxyType

from badgateway.payments.reports import Report, Row

CSV, JSON = "text/csv", "application/json"
COLUMNS = tuple(one.name for one in fields(Row))


def as_csv(report: Report) -> bytes:
    """Write a report as CSV (RFC 4180): a head, its rows, the payout last; what is not there is empty."""
    written = io.StringIO(newline="")
    rows = csv.DictWriter(written, COLUMNS)
    rows.writeheader()
    rows.writerows(asdict(row) for row in report.rows)
    return written.getvalue().encode()


def as_json(report: Report) -> bytes:
    """Write a report as one JSON object: what is true of all of it, and its rows."""
    return json.dumps(asdict(report), indent=1).encode()


FORMATS: Mapping[str, Callable[[Report], bytes]] = MappingProxyType({CSV: as_csv, JSON: as_json})
