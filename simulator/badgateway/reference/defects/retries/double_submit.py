"""The planted defect double-submit."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.one_attempt import OneAttempt
from badgateway.reference.states import State


class DoubleSubmit(Defect):
    """Only a payment that is over stands in the way of another one: a second click charges again.

    In the field: magento2#10767; shopware#19943, PR#9098; woocommerce PR#67944; nopCommerce#5131.
    """

    id = "double-submit"
    policy = "one_attempt"
    breaks = "M1"

    @classmethod
    def make(cls) -> OneAttempt:
        """Make a policy that does not see what is under way."""
        return _OnlyDoneCounts()


class _OnlyDoneCounts(OneAttempt):
    def blocks(self, state: State) -> bool:
        return state in {State.AUTHORIZED, State.SUCCEEDED}

    def slot(self, _order_id: int) -> int | None:
        return None
