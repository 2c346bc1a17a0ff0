"""The planted defect new-enum-value."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.seen import Observation

_Status = Enum(
    "_Status",
    "canceled processing requires_action requires_capture requires_confirmation requires_payment_method "
    "succeeded",
)


class NewEnumValue(Defect):
    """A status is parsed into a closed enumeration before anything else, and a new word fails to parse.

    In the field: Adyen/adyen-dotnet-api-library#1228 and #1103; Adyen/adyen-java-api-library#1157;
    gocardless/gocardless-dotnet#3.
    """

    id = "new-enum-value"
    policy = "apply_event"
    breaks = "H2"

    @classmethod
    def make(cls) -> ApplyEvent:
        """Make a strict parser."""
        return _ClosedEnum()


class _ClosedEnum(ApplyEvent):
    def observe(self, notice: Notice, look: Callable[[Notice], Observation]) -> Observation:
        if notice.kind == "payment_intent" and "status" in notice.snapshot:
            _ = _Status[notice.snapshot["status"]]
        return super().observe(notice, look)
