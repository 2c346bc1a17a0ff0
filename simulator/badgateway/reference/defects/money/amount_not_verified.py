"""The planted defect amount-not-verified."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.order_status import OrderStatus
from badgateway.reference.states import OrderFacts


class AmountNotVerified(Defect):
    """A payment that succeeded pays the order, whatever its amount and currency.

    In the field: nopCommerce#1089 (0.05 for 237.75), #2709; opencart#12111; WP-e-Commerce#585.
    """

    id = "amount-not-verified"
    policy = "order_status"
    breaks = "M4"

    @classmethod
    def make(cls) -> OrderStatus:
        """Make a status that counts successes and no money."""
        return _SuccessIsEnough()


class _SuccessIsEnough(OrderStatus):
    def derive(self, known: OrderFacts) -> str:
        derived = super().derive(known)
        is_short = 0 < known.captured_minor < known.amount_minor
        return "PAID" if derived == "REVIEW" and is_short and not known.refunded_minor else derived

    def in_other_money(self, derived: str) -> str:
        return derived
