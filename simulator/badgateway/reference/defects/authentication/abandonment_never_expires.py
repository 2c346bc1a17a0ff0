"""The planted defect abandonment-never-expires."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.expiring import Expiring


class AbandonmentNeverExpires(Defect):
    """A challenge that the shopper left open holds the order, and its stock, for ever.

    In the field: pretix#2629.
    """

    id = "abandonment-never-expires"
    policy = "expiring"
    breaks = "R4"

    @classmethod
    def make(cls) -> Expiring:
        """Make an expiry that never comes."""
        return _Never()


class _Never(Expiring):
    def is_due(self, _age_ms: int, _life_ms: int) -> bool:
        return False
