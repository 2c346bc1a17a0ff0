"""The journal itself, one JSON object a line, each with the hash that chains it to the line before."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.journal.ndjson import FIRST_HASH, line_of
from badgateway.report.case import Case


def render(case: Case) -> str:
    """Give the lines of one case's journal."""
    return "".join(_lines(case))


def _lines(case: Case) -> Iterator[str]:
    chained = FIRST_HASH
    for entry in case.entries:
        line, chained = line_of(entry, chained)
        yield line + "\n"
