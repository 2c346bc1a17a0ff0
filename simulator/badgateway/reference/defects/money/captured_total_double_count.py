"""The planted defect captured-total-double-count."""

from __future__ import annotations

import threading
from collections import Counter

from sqlalchemy import Connection

from badgateway.reference.as_of import AsOf, AsOfBeginning
from badgateway.reference.defects.base import Defect


class CapturedTotalDoubleCount(Defect):
    """The return page and the webhook each add the captured amount to the total of the order.

    In the field: saleor#14648.
    """

    id = "captured-total-double-count"
    policy = "as_of"
    breaks = "M8"

    @classmethod
    def make(cls) -> AsOf:
        """Make a policy that adds what was not there when it began."""
        return _AddsWhatItFoundMissing()


class _AddsWhatItFoundMissing(AsOfBeginning):
    def __init__(self) -> None:
        super().__init__()
        self._added: Counter[int] = Counter()
        self._lock = threading.Lock()

    def counts_again(self, _tx: Connection, order_id: int, captured_minor: int, _at_ms: int) -> None:
        found = self.beginning(order_id)
        if found is None or found.captured_minor or found.done:
            return
        found.done.add("captured")
        with self._lock:
            self._added[order_id] += captured_minor

    def paid_minor(self, _tx: Connection, order_id: int, paid_minor: int) -> int:
        return paid_minor + self._added[order_id]
