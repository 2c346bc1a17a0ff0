"""What `badgateway drift` prints: a table of differences by operation, as text, JSON or Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from badgateway.report.clean import one_line
from badgateway.report.line import Line
from badgateway.report.markdown import escape, table

if TYPE_CHECKING:
    from badgateway.drift.difference import Difference
    from badgateway.drift.replay import Drift

SCHEMA = "badgateway.drift/1"
HEADS = ("what", "where", "sandbox", "simulator", "calls")
WORDS = {
    "status": "status",
    "code": "error code",
    "media": "type of body",
    "missing": "field missing",
    "extra": "field too many",
    "type": "field's type",
}
_SHOWN_MAX = 5  # numbers of calls


def as_lines(found: Drift) -> Iterator[Line]:
    """Give a table for each operation, what was not tried, and the sum."""
    cells = [_cells(one) for one in found.differences]
    widths = [max(map(len, column)) for column in zip(HEADS, *cells, strict=True)]
    for operation, rows in groupby(found.differences, key=lambda one: one.operation):
        yield Line("", one_line(operation), style="strong")
        yield Line("  ", _laid(HEADS, widths), style="quiet", is_whole=True)
        for one in rows:
            yield Line("  ", _laid(_cells(one), widths), style="bad", is_whole=True)
            if one.note:
                yield Line("      ", one_line(one.note), style="doubt")
        yield Line()
    for untried in found.untried:
        yield Line(f"  call {untried.n}  ", one_line(f"{untried.operation}: {untried.why}"), "doubt")
    if found.untried:
        yield Line()
    yield Line("", headline(found), style="good" if found.is_same else "bad")
    for told in _versions(found):
        yield Line("", told, style="doubt")
    yield Line("", _not_compared(found), style="quiet")


def as_json(found: Drift) -> str:
    """Give all of it as one document."""
    document = {"schema": SCHEMA, "is_same": found.is_same, **asdict(found)}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_markdown(found: Drift) -> str:
    """Give a table, what was not tried, and the sum."""
    lines = [f"## badgateway drift: {escape(headline(found))}", ""]
    if found.differences:
        rows = [tuple(map(escape, (one.operation, *_cells(one), one.note))) for one in found.differences]
        lines += [*table(("operation", *HEADS, "note"), rows), ""]
    lines += [f"- call {one.n}, {escape(one.operation)}: {escape(one.why)}" for one in found.untried]
    lines += [""] if found.untried else []
    return "\n".join([*lines, *map(escape, _versions(found)), escape(_not_compared(found)), ""])


def headline(found: Drift) -> str:
    """Say in one sentence how it ended."""
    alike = "no drift" if found.is_same else f"{_counted(len(found.differences), 'difference')}"
    untried = f", {len(found.untried)} not tried" if found.untried else ""
    return f"{found.provider}: {alike} from {found.upstream} in {_counted(found.compared, 'call')}{untried}"


def _versions(found: Drift) -> Iterator[str]:
    for name, theirs, ours in found.versions:
        yield f"{name}: the sandbox says {theirs}, the simulator {ours}; --api-version sets the simulator's."


def _not_compared(found: Drift) -> str:
    return (
        f"Not compared: values ({_counted(found.values, 'path')} with other ids, times, amounts or texts), "
        "how long lists are, the elements of a list that is empty on either side, the order of fields, "
        "headers, and time."
    )


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _cells(one: Difference) -> tuple[str, ...]:
    shown = ", ".join(map(str, one.exchanges[:_SHOWN_MAX]))
    more = f" and {len(one.exchanges) - _SHOWN_MAX} more" if len(one.exchanges) > _SHOWN_MAX else ""
    texts = (WORDS[one.kind], one.path or "-", one.sandbox, one.simulator, shown + more)
    return tuple(one_line(text) for text in texts)


def _laid(texts: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip()
