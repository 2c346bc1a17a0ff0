"""The planted defect refund-wrong-currency."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.presentment import Presentment
from badgateway.reference.records import Order


class RefundWrongCurrency(Defect):
    """A refund is sent as the amount of the books, in the shopper's currency: 1,000 forints become 2.50.

    In the field: smartstore/Smartstore#1584 (1 euro became 1 forint); Adyen/adyen-magento2 PR#2834;
    polarsource/polar PR#7950.
    """

    id = "refund-wrong-currency"
    policy = "presentment"
    breaks = "M3"

    @classmethod
    def make(cls) -> Presentment:
        """Make amounts that are taken from the books."""
        return _FromTheBooks()


class _FromTheBooks(Presentment):
    def asked_minor(self, minor: int, order: Order) -> int:
        return max(1, self.base_minor(minor, order))
