"""The planted defect cancel-leaves-hold."""

from __future__ import annotations

from badgateway.reference.cancelling import Cancelling
from badgateway.reference.defects.base import Defect
from badgateway.reference.states import State


class CancelLeavesHold(Defect):
    """A cancel changes the order here alone: the hold stays, and may still be captured.

    In the field: woocommerce-payments#5605.
    """

    id = "cancel-leaves-hold"
    policy = "cancelling"
    breaks = "M9"

    @classmethod
    def make(cls) -> Cancelling:
        """Make a policy that cancels on this side only."""
        return _OnlyHere()


class _OnlyHere(Cancelling):
    def voids(self, _state: State) -> bool:
        return False

    def returns_money(self) -> bool:
        return False

    def ends_capture(self) -> bool:
        return False

    def status(self, _derived: str) -> str:
        return "CANCELLED"
