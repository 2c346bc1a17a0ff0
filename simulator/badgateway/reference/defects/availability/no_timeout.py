"""The planted defect no-timeout."""

from __future__ import annotations

from badgateway.reference.deadlines import Deadlines
from badgateway.reference.defects.base import Defect

_FOR_EVER_MS = 24 * 3_600_000.0


class NoTimeout(Defect):
    """Calls to the provider have no time limit: one that never answers holds the shopper for ever.

    In the field: medusa PR#15792; gopay-python-api#22; Truxify PR#8183.
    """

    id = "no-timeout"
    policy = "deadlines"
    breaks = "R4"

    @classmethod
    def make(cls) -> Deadlines:
        """Make deadlines that never come."""
        return _None()


class _None(Deadlines):
    def call_ms(self, _budget_ms: float, _timeout_ms: float) -> float:
        return _FOR_EVER_MS
