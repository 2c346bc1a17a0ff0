"""The planted defect decline-read-as-success."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation
from badgateway.reference.states import State


class DeclineReadAsSuccess(Defect):
    """A look-up is read by its errors: a payment that shows none, and waits for nobody, has succeeded.

    In the field: activemerchant/active_merchant PR#1597; thephpleague/omnipay-worldpay PR#26;
    stymiee/Authorize.Net-XML PR#5.
    """

    id = "decline-read-as-success"
    policy = "apply_event"
    breaks = "M4"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a reader that looks for errors, and not for a success."""
        return _NoErrorIsSuccess()


class _NoErrorIsSuccess(ApplyEvent):
    def observe(self, notice: Notice, look: Callable[[Notice], Observation]) -> Observation:
        seen = super().observe(notice, look)
        found = seen.payment
        if found is None or found.state is not None or found.failure_code is not None:
            return seen
        return replace(seen, payment=replace(found, state=State.SUCCEEDED, captured_minor=found.amount_minor))
