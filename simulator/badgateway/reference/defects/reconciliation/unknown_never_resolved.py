"""The planted defect unknown-never-resolved."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.recovery import Recovery


class UnknownNeverResolved(Defect):
    """Nobody asks about a payment whose outcome is unknown: no job, and no look at the return.

    In the field: killbill-docs PR#69, PR#435; pretix#1230 (about 5 % of 13,000 tickets).
    """

    id = "unknown-never-resolved"
    policy = "recovery"
    breaks = "R4"

    @classmethod
    def make(cls) -> Recovery:
        """Make a policy without a job for what is unknown."""
        return _NoJanitor()


class _NoJanitor(Recovery):
    def resolves_unknown(self) -> bool:
        return False
