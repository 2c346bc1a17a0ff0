"""The planted defect raise-taken-as-granted."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.incrementing import Incrementing


class RaiseTakenAsGranted(Defect):
    """A hold counts as raised once that was asked for, and is captured up to there, whatever the bank said.

    In the field: no public report was found.
    """

    id = "raise-taken-as-granted"
    policy = "incrementing"
    breaks = "M1"

    @classmethod
    def make(cls) -> Incrementing:
        """Make a policy that takes the wish for the deed."""
        return _WishIsDeed()


class _WishIsDeed(Incrementing):
    def is_granted(self, verdict: str) -> bool:
        return verdict in {"done", "declined"}
