"""What `badgateway verify` prints: each broken promise with whose it was, and one table at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from badgateway.report.clean import one_line
from badgateway.report.line import Line
from badgateway.verify.tried import BROKEN, KEPT, Tried

HEADS = ("boundary", "tool", "held to", "tried", "result")
_INDENT = " " * 10
_STYLES = {KEPT: "good", BROKEN: "bad"}


def details(row: Tried) -> Iterator[Line]:
    """Give what is to be told of one row beyond the table; nothing where all of it was kept."""
    if row.is_well:
        return
    yield Line(f"{row.boundary}  ", f"{row.tool}, {row.subject}: {row.amount}", style="strong")
    for finding in row.findings:
        head, style = ("  broken  ", "bad") if finding.broken_by else ("  untried ", "doubt")
        yield Line(head, one_line(finding.about), style, style)
        if finding.broken_by is not None:
            check = f" ({finding.check})" if finding.check else ""
            yield Line(_INDENT, f"{finding.broken_by} broke its promise{check}", style="bad")
        for sentence in finding.told:
            yield Line(_INDENT, one_line(sentence))
        if finding.curl is not None:
            yield Line(_INDENT, finding.curl, is_whole=True)
    for problem in row.problems:
        yield Line("  untried ", one_line(problem), "doubt")
    if row.again:
        yield Line("  ", f"Reproduce: {row.again}", is_whole=True)
    yield Line()


def table(rows: Sequence[Tried]) -> Iterator[Line]:
    """Give the table, one line for each tool at each boundary."""
    cells = [cells_of(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(HEADS, *cells, strict=True)]
    yield Line("", _laid(HEADS, widths), style="strong", is_whole=True)
    for row, texts in zip(rows, cells, strict=True):
        *others, _ = texts
        head = _laid(others, widths) + "  "
        yield Line(head, row.state, style=_STYLES.get(row.state, "doubt"), is_whole=True)


def cells_of(row: Tried) -> tuple[str, ...]:
    """Give the texts of one row, under the heads."""
    seed = f", seed {row.seed}" if row.seed is not None else ""
    held_to = f"{row.subject}{seed}"
    return (row.boundary, row.tool, held_to, row.amount, row.state)


def _laid(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=False))
