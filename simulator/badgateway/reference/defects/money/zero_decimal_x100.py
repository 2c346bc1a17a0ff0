"""The planted defect zero-decimal-x100."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.money import MinorUnits


class ZeroDecimalX100(Defect):
    """Every amount is multiplied by a hundred, also where the currency has no cents: 500 yen become 50,000.

    In the field: alexmorrisnz/moodle-paygw_stripe#2; Paymenter/Paymenter#1258;
    mozilla/donate.mozilla.org#454; calcom/cal.diy PR#29984 (the other way round).
    """

    id = "zero-decimal-x100"
    policy = "minor_units"
    breaks = "M3"

    @classmethod
    def make(cls) -> MinorUnits:
        """Make amounts that always have cents."""
        return _AlwaysCents()


class _AlwaysCents(MinorUnits):
    def exponent(self, currency: str) -> int:
        return max(2, super().exponent(currency))
