"""The planted defect retry-storm."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.retrying import Retrying

# Without end would end with the operation's deadline; this is as good, and kind to the machine.
_TRIES_MAX = 25


class RetryStorm(Defect):
    """A failed call is repeated at once and without end, whatever the provider asks for in Retry-After.

    In the field: active_merchant PR#464; stripe-node#1110, #1885; stripe-dotnet#1886; 3scale/porta PR#4216;
    lago-api PR#4407.
    """

    id = "retry-storm"
    policy = "retrying"
    breaks = "R2"

    @classmethod
    def make(cls) -> Retrying:
        """Make a policy that never pauses."""
        return _Hammers()


class _Hammers(Retrying):
    def tries_max(self, _configured: int) -> int:
        return _TRIES_MAX

    def pause_ms(self, _retry_after_ms: float, _base_ms: float, _try_n: int, _share: float) -> float:
        return 0
