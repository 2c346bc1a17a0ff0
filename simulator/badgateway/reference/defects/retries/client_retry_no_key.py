"""The planted defect client-retry-no-key."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.states import State
from badgateway.reference.unknown import UnknownOutcome


class ClientRetryNoKey(Defect):
    """A charge that takes too long is called failed, and the shopper who tries again is charged anew.

    In the field: pagarme/pagarme-magento PR#299; akash-network/console PR#3449; active_merchant#866.
    """

    id = "client-retry-no-key"
    policy = "unknown_outcome"
    breaks = "M1"

    @classmethod
    def make(cls) -> UnknownOutcome:
        """Make a policy that gives up on a slow provider and forgets what it asked."""
        return _TryAgainLater()


class _TryAgainLater(UnknownOutcome):
    def may_try_again(self, proves: str) -> bool:
        return proves == "not_done"

    def attempt_state(self) -> State:
        return State.FAILED
