"""The planted defect deadline-not-total."""

from __future__ import annotations

from badgateway.reference.deadlines import Deadlines
from badgateway.reference.defects.base import Defect


class DeadlineNotTotal(Defect):
    """The time limit is that of one read: it begins anew with every byte that trickles in.

    In the field: httpbin#642; requests#1928, #4276 (what a client time-out means).
    """

    id = "deadline-not-total"
    policy = "deadlines"
    breaks = "R4"

    @classmethod
    def make(cls) -> Deadlines:
        """Make deadlines that begin anew with every byte."""
        return _EachRead()


class _EachRead(Deadlines):
    def left_ms(self, _until_ms: float, _now_ms: float, allowed_ms: float) -> float:
        return allowed_ms
