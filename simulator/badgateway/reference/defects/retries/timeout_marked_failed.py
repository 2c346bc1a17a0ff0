"""The planted defect timeout-marked-failed."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.states import State
from badgateway.reference.unknown import UnknownOutcome


class TimeoutMarkedFailed(Defect):
    """A charge without an answer is recorded as failed, for good: it is neither repeated nor looked up.

    In the field: active_merchant#866 (ghost charges); spree_gateway#254; checkout-sdk-ruby#8 (a shorter
    timeout makes approved payments look failed); thewca/worldcubeassociation.org#4305.
    """

    id = "timeout-marked-failed"
    policy = "unknown_outcome"
    breaks = "M5"

    @classmethod
    def make(cls) -> UnknownOutcome:
        """Make a policy that takes silence for a no."""
        return _SilenceIsNo()


class _SilenceIsNo(UnknownOutcome):
    def may_try_again(self, proves: str) -> bool:
        return proves == "not_done"

    def attempt_state(self) -> State:
        return State.FAILED

    def takes_news(self, state: State) -> bool:
        return state is not State.FAILED
