"""The planted defect garbage-body."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.provider import CallFailed
from badgateway.reference.unknown import UnknownOutcome


class GarbageBody(Defect):
    """An answer that cannot be read counts as a refusal, though the charge went through behind it.

    In the field: active_merchant PR#2871 (a page of HTML on status 500).
    """

    id = "garbage-body"
    policy = "unknown_outcome"
    breaks = "R3"

    @classmethod
    def make(cls) -> UnknownOutcome:
        """Make a policy that takes an unreadable answer for a no."""
        return _UnreadableIsNo()


class _UnreadableIsNo(UnknownOutcome):
    def read(self, failure: CallFailed) -> CallFailed:
        if failure.proves != "nothing" or failure.code.endswith(":Interrupted"):
            return failure
        return CallFailed("refused", failure.code, may_retry=False)
