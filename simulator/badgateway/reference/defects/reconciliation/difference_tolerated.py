"""The planted defect difference-tolerated."""

from __future__ import annotations

from badgateway.reference.comparing import Comparing
from badgateway.reference.defects.base import Defect

_TOLERATED_MINOR = 500


class DifferenceTolerated(Defect):
    """A small difference between report and books is put down to rounding, and nobody claims it.

    In the field: tolerances in matching rules, meant for exchange rates, that hide short settlements.
    """

    id = "difference-tolerated"
    policy = "comparing"
    breaks = "M12"

    @classmethod
    def make(cls) -> Comparing:
        """Make a comparison that lets five units of the currency pass."""
        return _Generous()


class _Generous(Comparing):
    def differs(self, own_minor: int, told_minor: int) -> bool:
        return abs(own_minor - told_minor) > _TOLERATED_MINOR
