"""The planted defect no-breaker."""

from __future__ import annotations

from badgateway.reference.breaking import Breaking
from badgateway.reference.defects.base import Defect


class NoBreaker(Defect):
    """Every request finds out for itself, and at full length, that the provider is down.

    In the field: teachLink_backend PR#1071; gumroad PR#6694.
    """

    id = "no-breaker"
    policy = "breaking"
    breaks = "R4"

    @classmethod
    def make(cls) -> Breaking:
        """Make a breaker that never opens."""
        return _Never()


class _Never(Breaking):
    def opens(self, _failures: int, _failures_max: int) -> bool:
        return False
