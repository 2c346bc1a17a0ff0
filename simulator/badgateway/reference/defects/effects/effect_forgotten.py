"""The planted defect effect-forgotten."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.sending import Sending


class EffectForgotten(Defect):
    """A mail or a shipment is sent once; when the service is down at that moment, it never is.

    Own: the outbox without its second half, which nobody misses before the first outage.
    """

    id = "effect-forgotten"
    policy = "sending"
    breaks = "E1"

    @classmethod
    def make(cls) -> Sending:
        """Make a rule that takes every sending for the last one."""
        return _FireAndForget()


class _FireAndForget(Sending):
    def is_done(self, *, is_taken: bool) -> bool:  # noqa: ARG002 - that it does not ask is the defect
        return True
