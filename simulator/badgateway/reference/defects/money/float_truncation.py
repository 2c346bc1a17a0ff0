"""The planted defect float-truncation."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.money import MinorUnits


class FloatTruncation(Defect):
    """Amounts go through floating point and are cut off: 8.20 becomes 819 cents.

    In the field: woocommerce-payments PR#91 (8.20 became 819); odoo PR#3733; mpay24-php#101;
    responsiv/currency-plugin#56.
    """

    id = "float-truncation"
    policy = "minor_units"
    breaks = "M3"

    @classmethod
    def make(cls) -> MinorUnits:
        """Make amounts that are multiplied as binary fractions."""
        return _Float()


class _Float(MinorUnits):
    def to_minor(self, text: str, currency: str) -> int:
        super().to_minor(text, currency)
        return int(float(text) * 10 ** self.exponent(currency))
