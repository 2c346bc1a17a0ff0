"""The planted defect dunning-against-advice."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.dunning import Dunning


class DunningAgainstAdvice(Defect):
    """A renewal that failed is charged again by a fixed plan, whether the card is lost, stolen or expired.

    In the field: hyperswitch PR#9742, #9760 (which declines a revenue recovery may try again).
    """

    id = "dunning-against-advice"
    policy = "dunning"
    breaks = "R2"

    @classmethod
    def make(cls) -> Dunning:
        """Make a policy with a plan and no ears."""
        return _ByPlan()


class _ByPlan(Dunning):
    def may_pass(self, _code: str | None, _advice: str | None, _failures: int) -> bool:
        return True
