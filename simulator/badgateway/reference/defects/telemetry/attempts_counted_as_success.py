"""The planted defect attempts-counted-as-success."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.states import State
from badgateway.reference.tallies import Tallies


class AttemptsCountedAsSuccess(Defect):
    """The counter of successes moves when a call was answered, whatever the answer was.

    Own: in no public report, but the usual reason why a dashboard stays green while every card is declined.
    """

    id = "attempts-counted-as-success"
    policy = "tallies"
    breaks = "T1"

    @classmethod
    def make(cls) -> Tallies:
        """Make tallies that take every answer for a success."""
        return _AnyAnswer()


class _AnyAnswer(Tallies):
    def outcome(self, before: State, after: State) -> str | None:
        return "succeeded" if super().outcome(before, after) else None
