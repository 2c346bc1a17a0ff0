"""The planted defect capture-after-void."""

from __future__ import annotations

from badgateway.reference.capturing import Capturing
from badgateway.reference.defects.base import Defect
from badgateway.reference.states import State


class CaptureAfterVoid(Defect):
    """A hold that was voided may still be captured, as far as this integration is concerned.

    In the field: killbill#504, #514.
    """

    id = "capture-after-void"
    policy = "capturing"
    breaks = "M9"

    @classmethod
    def make(cls) -> Capturing:
        """Make a policy that does not ask whether the hold is alive."""
        return _AnyHold()


class _AnyHold(Capturing):
    def may_capture(self, state: State, *, is_over: bool) -> bool:
        return super().may_capture(state, is_over=is_over) or state is State.CANCELLED
