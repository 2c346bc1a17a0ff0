"""The planted defect authorizing-ordered-anew."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.one_attempt import OneAttempt
from badgateway.reference.states import State


class AuthorizingOrderedAnew(Defect):
    """An order of which the orchestrator does not know yet stops nobody: a new one is made under a new id.

    In the field: a shop whose pay button makes a new order there while the first is AUTHORIZING.
    """

    id = "authorizing-ordered-anew"
    policy = "one_attempt"
    breaks = "M1"

    @classmethod
    def make(cls) -> OneAttempt:
        """Make a policy for which what is being worked on stops nobody."""
        return _Impatient()


class _Impatient(OneAttempt):
    def blocks(self, state: State) -> bool:
        return state is not State.PROCESSING and super().blocks(state)

    def slot(self, _order_id: int) -> None:
        return None
