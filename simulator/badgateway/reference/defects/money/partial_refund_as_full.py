"""The planted defect partial-refund-as-full."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.order_status import OrderStatus
from badgateway.reference.states import OrderFacts


class PartialRefundAsFull(Defect):
    """Any refund makes the order refunded: all of it is shown as given back, and the rest is refused.

    In the field: checkout-woocommerce-plugin PR#162; nopCommerce#740; django-payments#401, #469.
    """

    id = "partial-refund-as-full"
    policy = "order_status"
    breaks = "M8"

    @classmethod
    def make(cls) -> OrderStatus:
        """Make a status that knows no parts."""
        return _AllOrNothing()


class _AllOrNothing(OrderStatus):
    def derive(self, known: OrderFacts) -> str:
        derived = super().derive(known)
        return "REFUNDED" if derived == "PARTIALLY_REFUNDED" else derived

    def refunded_minor(self, paid_minor: int, refunded_minor: int) -> int:
        return paid_minor if refunded_minor else 0
