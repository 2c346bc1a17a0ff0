"""What a handler goes by when it writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from badgateway.reference.records import attempts_of, find_order
from badgateway.reference.store import Store
from badgateway.reference.tables import effects


class AsOf:
    """What the books hold in the transaction that writes, never what they held when the handler began."""

    @contextmanager
    def handling(self, _store: Store, _reference: str | None) -> Iterator[None]:
        """Surround the handling of an event or of a return, from before its look to its last write."""
        yield

    def grants_again(self, _tx: Connection, _order_id: int, _kind: str, _at_ms: int) -> bool:
        """Give an effect that the books hold already, and say so: never."""
        return False

    def counts_again(self, _tx: Connection, _order_id: int, _captured_minor: int, _at_ms: int) -> None:
        """Add money to the total that the books hold already: never."""

    def paid_minor(self, _tx: Connection, _order_id: int, paid_minor: int) -> int:
        """Give what is shown as paid, of what the attempts add up to."""
        return paid_minor


@dataclass(slots=True)
class Beginning:
    """What the books held of an order when a handler began."""

    order_id: int
    captured_minor: int
    given: frozenset[str]
    done: set[str] = field(default_factory=set)  # what this handler has written since


class AsOfBeginning(AsOf):
    """Remembers what each handler found when it began, for a policy that goes by it."""

    def __init__(self) -> None:
        self._here = threading.local()

    @contextmanager
    def handling(self, store: Store, reference: str | None) -> Iterator[None]:
        """Read the order before anything else, and forget it afterwards."""
        self._here.found = _read(store, reference)
        try:
            yield
        finally:
            self._here.found = None

    def beginning(self, order_id: int) -> Beginning | None:
        """Give what this handler found of an order when it began; None where no handler is at work."""
        found: Beginning | None = getattr(self._here, "found", None)
        return found if found is not None and found.order_id == order_id else None


def _read(store: Store, reference: str | None) -> Beginning | None:
    with store.read() as tx:
        order = find_order(tx, reference) if reference is not None else None
        if order is None:
            return None
        captured = sum(attempt.captured_minor for attempt in attempts_of(tx, order.id))
        given = tx.execute(select(effects.c.kind).where(effects.c.order_id == order.id)).scalars()
        return Beginning(order.id, captured, frozenset(given))
