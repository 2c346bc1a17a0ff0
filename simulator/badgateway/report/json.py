"""JSON for programs: every verdict whole, and the summary."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from badgateway.report.case import Case
from badgateway.report.summary import summarise

SCHEMA = "badgateway.report/1"


def render(cases: Sequence[Case], real_ms: float = 0) -> str:
    """Give one JSON document; amounts are integer minor units, durations real milliseconds."""
    document = {
        "schema": SCHEMA,
        "summary": _summary(cases, real_ms),
        "cases": [_case(case) for case in cases],
    }
    return json.dumps(document, indent=2, default=str) + "\n"


def _summary(cases: Sequence[Case], real_ms: float) -> dict[str, Any]:
    summary = summarise(cases, real_ms)
    laws = [
        _plain(law) | {"is_vacuous": law.is_vacuous, "is_not_judged": law.is_not_judged}
        for law in summary.laws
    ]
    return {**_plain(summary), "laws": laws, "exit_code": summary.exit_code}


def _case(case: Case) -> dict[str, Any]:
    journal = case.journal_path.as_posix() if case.journal_path else None
    return {**_plain(case.verdict), "real_ms": case.real_ms, "journal": journal}


def _plain(value: Any) -> Any:
    """Give records and mappings of any kind as plain JSON values."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
