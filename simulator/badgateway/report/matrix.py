"""Planted defects by invariants: in how many cases each law was broken by each planted bug, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from badgateway.errors import InputError, Problem
from badgateway.report.case import Case
from badgateway.report.markdown import table
from badgateway.verdict.model import BROKEN


@dataclass(frozen=True, slots=True)
class Row:
    """One planted defect and what broke under it."""

    defect: str
    primary: str  # invariant that must catch it
    cases: int
    broken: Mapping[str, int]  # invariant -> number of cases
    laws: tuple[str, ...]  # every invariant that was judged, in order

    @property
    def is_caught(self) -> bool:
        """Say whether the invariant that must catch it did."""
        return self.broken.get(self.primary, 0) > 0


def row(defect: str, primary: str, cases: Sequence[Case]) -> Row:
    """Count what one planted defect broke."""
    broken: Counter[str] = Counter()
    laws: dict[str, None] = {}
    for case in cases:
        for judged in case.verdict.rows:
            laws[judged.invariant] = None
            broken[judged.invariant] += judged.state == BROKEN
    return Row(defect, primary, len(cases), broken, tuple(laws))


def render(rows: Sequence[Row]) -> str:
    """Give the table; the law that must catch a defect is in bold, and a miss is said."""
    laws = _laws(rows)
    lines = table(
        ("planted defect", *laws), [(row_.defect, *(_cell(row_, law) for law in laws)) for row_ in rows]
    )
    return "\n".join(lines) + "\n"


def render_laws(rows: Sequence[Row]) -> str:
    """Give what would be missed without each law: defects that it names first, or sees alone."""
    lines = table(
        ("without this law", "these lose the law that names them first", "and these are not seen at all"),
        [(law, *(", ".join(names) or "none" for names in _lost(rows, law))) for law in _laws(rows)],
    )
    return "\n".join(lines) + "\n"


def read(path: Path, primaries: Mapping[str, str]) -> list[Row]:
    """Give the rows of the table that a file shows, as far as their defects are still in the catalogue."""
    told = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [line.strip("| ").split("|") for line in _between(told).split("\n\n")[0].splitlines()]
    cells = [[cell.strip(" *") for cell in line] for line in lines if len(line) > 1]
    if not cells:
        return []
    (_, *laws), _, *rows = cells
    return [
        Row(name, primaries[name], 0, _counts(laws, counts), tuple(laws))
        for name, *counts in rows
        if name in primaries
    ]


def _counts(laws: Sequence[str], cells: Sequence[str]) -> dict[str, int]:
    return {law: int(cell) for law, cell in zip(laws, cells, strict=False) if cell.isdecimal()}


def _between(text: str, name: str = "matrix") -> str:
    return text.partition(f"<!-- {name}: begin -->\n")[2].partition(f"<!-- {name}: end -->")[0]


def _laws(rows: Sequence[Row]) -> list[str]:
    """Give the laws of all rows, in the order of the row that knows most of them."""
    ordered = sorted(rows, key=lambda row_: -len(row_.laws))
    return list(dict.fromkeys(law for row_ in ordered for law in row_.laws))


def _lost(rows: Sequence[Row], law: str) -> tuple[list[str], list[str]]:
    caught = [row_ for row_ in rows if row_.broken.get(law, 0)]
    first = [row_.defect for row_ in caught if row_.primary == law]
    alone = [row_.defect for row_ in caught if sum(map(bool, row_.broken.values())) == 1]
    return first, alone


def renew(path: Path, text: str, name: str = "matrix") -> None:
    """Put a table between the markers of its name in a file; raises InputError where they are not there."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    try:
        old = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from error
    before, has_begin, rest = old.partition(begin)
    _, has_end, after = rest.partition(end)
    if not has_begin or not has_end:
        raise InputError([Problem(str(path), 0, 0, "has no place for the table", f"add {begin} and {end}")])
    path.write_text(f"{before}{begin}\n{text}{end}{after}", encoding="utf-8")


def _cell(row_: Row, law: str) -> str:
    count = row_.broken.get(law, 0)
    if law == row_.primary:
        return f"**{count}**" if count else "**missed**"
    return str(count or "")
