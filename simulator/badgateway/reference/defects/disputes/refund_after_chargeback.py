"""The planted defect refund-after-chargeback."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.refunding import Refunding


class RefundAfterChargeback(Defect):
    """A disputed payment may be refunded, so the shopper is paid back twice.

    In the field: hyperswitch-control-center#4109; hyperswitch PR#10533; woocommerce-payments PR#7043.
    """

    id = "refund-after-chargeback"
    policy = "refunding"
    breaks = "M10"

    @classmethod
    def make(cls) -> Refunding:
        """Make refunds that ask for no dispute."""
        return _AnyTime()


class _AnyTime(Refunding):
    def may_refund(self, _status: str) -> bool:
        return True
