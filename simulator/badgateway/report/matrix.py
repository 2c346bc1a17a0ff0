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

BEGIN, END = "<!-- matrix: begin -->", "<!-- matrix: end -->"


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
    laws = list(dict.fromkeys(law for row_ in rows for law in row_.laws))
    lines = table(
        ("planted defect", *laws), [(row_.defect, *(_cell(row_, law) for law in laws)) for row_ in rows]
    )
    return "\n".join(lines) + "\n"


def renew(path: Path, text: str) -> None:
    """Put the table between the two markers of a file; raises InputError where they are not there."""
    try:
        old = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from error
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError([Problem(str(path), 0, 0, "has no place for the table", f"add {BEGIN} and {END}")])
    path.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _cell(row_: Row, law: str) -> str:
    count = row_.broken.get(law, 0)
    if law == row_.primary:
        return f"**{count}**" if count else "**missed**"
    return str(count or "")
