"""The planted defect late-capture-failed."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.states import State, StateRules


class LateCaptureFailed(Defect):
    """A success is final here: that the provider took the capture back is not taken in.

    In the field: saleor#13520; odoo PR#249472.
    """

    id = "late-capture-failed"
    policy = "state_rules"
    breaks = "M4"

    @classmethod
    def make(cls) -> StateRules:
        """Make rules under which nothing follows a success."""
        return _SuccessIsForEver()


class _SuccessIsForEver(StateRules):
    def allows(self, current: State, seen: State) -> bool:
        return current is not State.SUCCEEDED and super().allows(current, seen)
