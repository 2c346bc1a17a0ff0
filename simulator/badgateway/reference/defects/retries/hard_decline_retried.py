"""The planted defect hard-decline-retried."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.retrying import Retrying

_ATTEMPTS_MAX = 4


class HardDeclineRetried(Defect):
    """A declined card is charged again by itself, whatever the reason, stolen cards included.

    In the field: hyperswitch PR#9742, #9760; alphagov/pay-connector PR#4543, PR#4550; gratipay.com#3558.
    """

    id = "hard-decline-retried"
    policy = "retrying"
    breaks = "R2"

    @classmethod
    def make(cls) -> Retrying:
        """Make a policy that takes no decline for an answer."""
        return _Insists()


class _Insists(Retrying):
    def charges_again(self, attempts: int) -> bool:
        return attempts < _ATTEMPTS_MAX
