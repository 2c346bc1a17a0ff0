"""The planted defect dispute-not-tracked."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.states import StateRules


class DisputeNotTracked(Defect):
    """A dispute is taken in when it is opened and never again: won or lost, nothing changes.

    In the field: woocommerce-gateway-stripe#1098; woocommerce-payments#4931; saleor/storefront#333.
    """

    id = "dispute-not-tracked"
    policy = "state_rules"
    breaks = "M10"

    @classmethod
    def make(cls) -> StateRules:
        """Make rules under which a dispute has no end."""
        return _OpenedIsAll()


class _OpenedIsAll(StateRules):
    def allows_dispute(self, _current: str, _seen: str) -> bool:
        return False
