"""The planted defect over-refund-race."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.refunding import Refunding
from badgateway.reference.states import REFUND_SHOWN


class OverRefundRace(Defect):
    """Only refunds that the provider has confirmed lessen what is left, so two at once both pass.

    In the field: hyperswitch#13182 (120 dollars refunded on 100).
    """

    id = "over-refund-race"
    policy = "refunding"
    breaks = "M7"

    @classmethod
    def make(cls) -> Refunding:
        """Make a balance that does not see what is under way."""
        return _OnlyConfirmed()


class _OnlyConfirmed(Refunding):
    def counts(self, state: str) -> bool:
        return state in REFUND_SHOWN
