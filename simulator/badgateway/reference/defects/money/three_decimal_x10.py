"""The planted defect three-decimal-x10."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.money import MinorUnits


class ThreeDecimalX10(Defect):
    """Dinars have two decimals here: a tenth of the price is charged.

    In the field: woocommerce-gateway-stripe#2720, PR#2991; active_merchant PR#3589; stripe-ios PR#2141.
    """

    id = "three-decimal-x10"
    policy = "minor_units"
    breaks = "M3"

    @classmethod
    def make(cls) -> MinorUnits:
        """Make amounts that never have more than cents."""
        return _AtMostCents()


class _AtMostCents(MinorUnits):
    def exponent(self, currency: str) -> int:
        return min(2, super().exponent(currency))

    def to_minor(self, text: str, currency: str) -> int:
        is_cut = super().exponent(currency) > self.exponent(currency)
        return super().to_minor(text, "EUR" if is_cut else currency)
