"""The planted defect paid-after-cancel."""

from __future__ import annotations

from badgateway.reference.cancelling import Cancelling
from badgateway.reference.defects.base import Defect


class PaidAfterCancel(Defect):
    """Money that arrives for a cancelled order is neither honoured nor sent back.

    In the field: CoreShop#2529; mollie/magento2#432; woocommerce-gateway-stripe PR#5047;
    VivaPayments/API#2360.
    """

    id = "paid-after-cancel"
    policy = "cancelling"
    breaks = "M5"

    @classmethod
    def make(cls) -> Cancelling:
        """Make a policy to which a cancelled order is over, whatever comes."""
        return _KeepsIt()


class _KeepsIt(Cancelling):
    def returns_money(self) -> bool:
        return False

    def status(self, _derived: str) -> str:
        return "CANCELLED"
