"""How long the operations of shoppers and merchants took, held against what is declared."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.journal.availability import Tested
from badgateway.journal.history import History


def overdue(history: History) -> Iterator[Tested]:
    """Give every operation with a deadline; wrong where it took longer, our own gates taken off."""
    deadline = float(history.declares.get("deadline_ms") or 0)
    # A busy machine adds a little to everything; a missing deadline adds much.
    limit = deadline * 1.1 + 250
    for one in history.operations():
        if one.returned is None or one.do in {"sync", "view"} or not deadline:
            continue
        took = float(one.returned.data["elapsed_ms"]) - float(one.returned.data["parked_ms"] or 0)
        wrong = ""
        if took > limit:
            wrong = f"{one.do} took {took:.0f} ms, the declared deadline is {deadline:.0f} ms"
        yield Tested((one.invoked, one.returned), wrong, order=one.invoked.order, is_timed=True)
