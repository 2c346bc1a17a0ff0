"""The planted defect first-failure-final."""

from __future__ import annotations

from dataclasses import replace

from badgateway.reference.defects.base import Defect
from badgateway.reference.orchestrating import Orchestrating
from badgateway.reference.seen import PaymentSeen
from badgateway.reference.states import State


class FirstFailureFinal(Defect):
    """The first attempt of an order at its orchestrator failed, so the order has failed.

    In the field: a shop that acts on the failure of one transaction while its orchestrator tries the next.
    """

    id = "first-failure-final"
    policy = "orchestrating"
    breaks = "M5"

    @classmethod
    def make(cls) -> Orchestrating:
        """Make a policy that reads the first attempt for the order."""
        return _ReadsTheFirst()


class _ReadsTheFirst(Orchestrating):
    def read(self, seen: PaymentSeen) -> PaymentSeen:
        if not seen.tries or seen.tries[0] is not State.FAILED:
            return seen
        return replace(seen, state=State.FAILED, captured_minor=0, failure_code="attempt_failed")
